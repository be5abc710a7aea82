#include "local/part.hpp"

#include <atomic>
#include <csignal>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/unit/local/local_world.hpp"
#include "tests/unit/runtime/scripted_server.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

/// A process of somebody else, to see it end.
class watched_process {
 public:
  explicit watched_process(pid_t pid) : fd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
  ~watched_process() {
    if (fd_ >= 0) ::close(fd_);
  }
  watched_process(const watched_process&) = delete;
  watched_process& operator=(const watched_process&) = delete;
  bool found() const { return fd_ >= 0; }
  bool ended_within(std::chrono::milliseconds time) const {
    pollfd one{fd_, POLLIN, 0};
    return ::poll(&one, 1, static_cast<int>(time.count())) == 1;
  }

 private:
  int fd_;
};

struct part_fixture : local_world {
  ~part_fixture() {
    for (auto& one : started) ask(one, stop_atom::value);
  }

  part_options options_for(process_spec process, std::string ready_line = "") {
    part_options options;
    options.name = "sample part";
    options.process = std::move(process);
    options.readiness.line = std::move(ready_line);
    options.restart.first_pause = 5ms;
    options.restart.longest_pause = 20ms;
    options.log_file = path("part.log");
    options.say = [this](const std::string& line) { said.add(line); };
    options.on_failure = [this](const caf::error& why) { failures.add(describe(why)); };
    return options;
  }

  part_actor run(part_options options) {
    started.push_back(system->spawn(part, std::move(options), runner, http));
    return started.back();
  }

  /// The number behind `name=` in the log.
  pid_t pid_in_log(const std::string& name) const {
    auto text = content(path("part.log"));
    auto at = text.rfind(name + "=");
    return at == std::string::npos ? -1 : std::stoi(text.substr(at + name.size() + 1));
  }

  heard_lines said, failures;
  std::vector<part_actor> started;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(parts, part_fixture)

BOOST_AUTO_TEST_CASE(a_part_that_ends_is_started_again) {
  auto one = run(options_for(shell("echo pid=$$; echo ready; exec sleep 1000"), "ready"));
  BOOST_TEST(!ask(one, wait_atom::value));
  auto first = pid_in_log("pid");
  BOOST_REQUIRE(first > 0);
  ::kill(first, SIGKILL);
  BOOST_TEST(said.wait_for("killed by signal 9") ==
             "The sample part ended (killed by signal 9 (Killed)); starting it again in 0 s");
  BOOST_TEST(!ask(one, wait_atom::value));
  BOOST_TEST(pid_in_log("pid") != first);
  BOOST_TEST(failures.size() == 0U);
}

BOOST_AUTO_TEST_CASE(before_start_is_called_before_each_process) {
  auto options =
      options_for(shell("test $(wc -c <calls) = 2 && echo ready && exec sleep 1000"), "ready");
  options.process.working_folder = folder.string();
  options.before_start = [this] { std::ofstream{path("calls"), std::ios::app} << "x"; };
  BOOST_TEST(!ask(run(std::move(options)), wait_atom::value));
  BOOST_TEST(content(path("calls")) == "xx");
}

BOOST_AUTO_TEST_CASE(a_part_that_always_ends_is_given_up_with_its_last_words) {
  auto options = options_for(shell("echo fine; echo 'config: line 3 is bad' >&2; exit 3"), "never");
  options.restart.quick_ends = 3;
  auto one = run(std::move(options));
  auto why = ask(one, wait_atom::value);
  BOOST_CHECK(code_of(why) == errc::process_failed);
  auto words = describe(why);
  BOOST_TEST(words.find("The sample part ended (exit status 3), 3 times in a row") == 0U, words);
  BOOST_TEST(words.find("config: line 3 is bad") != std::string::npos, words);
  BOOST_TEST(words.find(path("part.log")) != std::string::npos, words);
  BOOST_TEST(failures.wait_for("sample part") == words);
  // Who asks later hears the same.
  BOOST_TEST(describe(ask(one, wait_atom::value)) == words);
  BOOST_TEST(failures.size() == 1U);
  BOOST_TEST(said.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_given_up_at_once) {
  process_spec nothing;
  nothing.program = path("no-such-program");
  auto why = ask(run(options_for(std::move(nothing))), wait_atom::value);
  // Without a readiness it may serve for an instant; the failure is told in any case.
  if (why) BOOST_CHECK(code_of(why) == errc::process_failed);
  BOOST_TEST(!failures.wait_for("no-such-program: there is no such program").empty());
  BOOST_TEST(said.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_part_that_never_serves_is_ended_at_its_deadline) {
  auto options = options_for(shell("echo pid=$$; echo still loading; exec sleep 1000"), "ready");
  options.readiness.deadline = 300ms;
  auto one = run(std::move(options));
  auto why = ask(one, wait_atom::value);
  BOOST_CHECK(code_of(why) == errc::timeout);
  auto words = describe(why);
  BOOST_TEST(words.find("did not serve within 0.3 s") != std::string::npos, words);
  BOOST_TEST(words.find("still loading") != std::string::npos, words);
  // Answered only after the process was reaped.
  BOOST_TEST(::kill(pid_in_log("pid"), 0) == -1);
}

BOOST_AUTO_TEST_CASE(readiness_is_an_answer_without_error) {
  std::atomic<int> asked = 0;
  scripted_server server{[&](scripted_connection& peer) {
    peer.read_request();
    if (++asked < 3)
      peer.answer(503, "not yet");
    else
      peer.answer(200, "serving");
  }};
  auto options = options_for(shell("exec sleep 1000"));
  options.readiness.request.emplace().url = server.url();
  auto one = run(std::move(options));
  BOOST_TEST(!ask(one, wait_atom::value));
  BOOST_TEST(asked >= 3);
}

BOOST_AUTO_TEST_CASE(stop_ends_the_whole_process_group) {
  auto one = run(options_for(shell("sleep 1000 & echo child=$!; echo ready; wait"), "ready"));
  BOOST_TEST(!ask(one, wait_atom::value));
  watched_process grandchild{pid_in_log("child")};
  BOOST_REQUIRE(grandchild.found());
  BOOST_TEST(!ask(one, stop_atom::value));
  BOOST_TEST(grandchild.ended_within(patience));
  BOOST_TEST(said.size() == 0U);
}

BOOST_AUTO_TEST_CASE(stop_kills_what_ignores_sigterm) {
  auto options = options_for(
      shell("trap '' TERM; echo pid=$$; echo ready; while :; do sleep 1000; done"), "ready");
  options.process.stop_grace = 200ms;
  auto one = run(std::move(options));
  BOOST_TEST(!ask(one, wait_atom::value));
  auto pid = pid_in_log("pid");
  BOOST_TEST(!ask(one, stop_atom::value));
  BOOST_TEST(::kill(pid, 0) == -1);
  BOOST_TEST(failures.size() == 0U);
}

BOOST_AUTO_TEST_CASE(stop_while_it_starts_answers_who_waits) {
  auto one = run(options_for(shell("exec sleep 1000"), "never"));
  auto waiting = std::async(std::launch::async, [&] { return ask(one, wait_atom::value); });
  BOOST_TEST(!ask(one, stop_atom::value));
  BOOST_TEST(static_cast<bool>(waiting.get()));
}

BOOST_AUTO_TEST_CASE(who_leaves_hears_cancelled_and_the_part_goes_on) {
  auto go = path("go");
  BOOST_REQUIRE(::system(("mkfifo " + go).c_str()) == 0);
  auto one =
      run(options_for(shell("read line < " + go + "; echo ready; exec sleep 1000"), "ready"));
  auto waiting = std::async(std::launch::async, [&] { return ask(one, wait_atom::value); });
  while (waiting.wait_for(1ms) != std::future_status::ready) caf::anon_send(one, leave_atom::value);
  BOOST_CHECK(code_of(waiting.get()) == errc::cancelled);
  std::ofstream{go} << "go\n";
  BOOST_TEST(!ask(one, wait_atom::value));
}

BOOST_AUTO_TEST_CASE(the_log_has_a_bound) {
  part_log log{path("bounded.log"), 1000};
  for (int i = 0; i < 500; ++i) log.add("line " + std::to_string(i));
  BOOST_TEST(std::filesystem::file_size(path("bounded.log")) <= 1000U);
  BOOST_TEST(std::filesystem::file_size(path("bounded.log.1")) <= 1000U);
  BOOST_TEST(log.last_words(" | ") == "line 496 | line 497 | line 498 | line 499");
  // A later process goes on where the file is.
  part_log later{path("bounded.log"), 1000};
  later.add("last");
  auto text = content(path("bounded.log"));
  BOOST_TEST(text.find("line 499\nlast\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
