#include "actors/git.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "runtime/error.hpp"
#include "runtime/git/resolve.hpp"
#include "tests/unit/actors/process_world.hpp"
#include "tests/unit/actors/recorders.hpp"
#include "tests/unit/actors/virtual_time.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

struct git_world : process_world {
  ~git_world() {
    if (actor) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  }

  /// Questions go to a program that runs these lines of shell.
  void start(const std::string& lines, git_options options = {}) {
    options.program = script("resolver", lines);
    actor = system().spawn(git, options, runner());
  }
  caf::expected<std::string> resolve(const git_query& query) {
    return ask<std::string>(system(), actor, resolve_atom::value, query);
  }

  git_actor actor;
  const std::string commit = std::string(40, 'b');
  const git_query query{"https://example.org/x", "main", true};
};

/// A git server whose list of refs does not end.
class endless_refs {
 public:
  endless_refs() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    BOOST_REQUIRE(::bind(listener_, generic, size) == 0 && ::listen(listener_, 4) == 0 &&
                  ::getsockname(listener_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
  }
  ~endless_refs() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  uint16_t port() const { return port_; }

 private:
  static std::string packet(const std::string& text) {
    std::array<char, 5> length{};
    std::snprintf(length.data(), length.size(), "%04zx", text.size() + 4);
    return length.data() + text;
  }
  static bool send(int fd, const std::string& text) {
    for (size_t done = 0; done < text.size();) {
      auto n = ::send(fd, text.data() + done, text.size() - done, MSG_NOSIGNAL);
      if (n <= 0) return false;
      done += static_cast<size_t>(n);
    }
    return true;
  }
  void serve() const {
    const auto head = packet("# service=git-upload-pack\n") + "0000" +
                      packet(std::string(40, 'a') + " HEAD" + '\0' + "side-band-64k\n");
    std::string refs;
    for (int i = 0; i < 1000; ++i)
      refs += packet(std::string(40, 'b') + " refs/heads/" + std::string(900, 'x') + "\n");
    for (;;) {
      int fd = ::accept(listener_, nullptr, nullptr);
      if (fd < 0) return;
      std::array<char, 4096> request{};
      [[maybe_unused]] auto got = ::recv(fd, request.data(), request.size(), 0);
      if (send(fd,
               "HTTP/1.1 200 OK\r\nContent-Type: "
               "application/x-git-upload-pack-advertisement\r\n\r\n" +
                   head))
        while (send(fd, refs)) {
        }
      ::close(fd);
    }
  }

  int listener_;
  uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(git_questions, git_world)

BOOST_AUTO_TEST_CASE(the_program_is_given_the_question_and_its_answer_comes_back) {
  start("cat >" + (folder() / "asked").string() + "; echo '" + encode_answer(commit) + "'");
  auto answer = resolve(query);
  BOOST_REQUIRE(answer);
  BOOST_TEST(*answer == commit);
  auto asked = decode_query(read("asked"));
  BOOST_REQUIRE(asked);
  BOOST_TEST(asked->url == query.url);
  BOOST_TEST(asked->ref == query.ref);
  BOOST_TEST(asked->public_only == query.public_only);
}

BOOST_AUTO_TEST_CASE(a_refusal_keeps_its_code_and_words) {
  caf::expected<std::string> refusal{make_error(errc::unresolvable_ref, "no such branch")};
  start("echo '" + encode_answer(refusal) + "'");
  auto answer = resolve(query);
  BOOST_REQUIRE(!answer);
  BOOST_TEST((code_of(answer.error()) == errc::unresolvable_ref));
  BOOST_TEST(describe(answer.error()) == "no such branch");
}

BOOST_AUTO_TEST_CASE(a_remote_that_never_answers_costs_its_deadline_and_no_more) {
  git_options options;
  options.timeout = 200ms;
  start("exec tail -f /dev/null", options);
  auto answer = resolve({"https://user:sekret@example.org/x?token=sekret", "main"});
  BOOST_REQUIRE(!answer);
  BOOST_TEST((code_of(answer.error()) == errc::timeout));
  BOOST_TEST(describe(answer.error()).find("example.org") != std::string::npos);
  BOOST_TEST(describe(answer.error()).find("sekret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_resolver_that_crashes_is_one_clear_error) {
  start("kill -SEGV $$");
  auto answer = resolve(query);
  BOOST_REQUIRE(!answer);
  BOOST_TEST((code_of(answer.error()) == errc::bad_answer));
  BOOST_TEST(describe(answer.error()).find("signal 11") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_answer_is_refused) {
  for (const char* text : {"", "not json", "[]", R"({\"commit\":\"HEAD\"})", "{}"}) {
    start("printf '" + std::string{text} + "'");
    auto answer = resolve(query);
    BOOST_REQUIRE_MESSAGE(!answer, text);
    BOOST_TEST((code_of(answer.error()) == errc::bad_answer));
  }
}

BOOST_AUTO_TEST_CASE(equal_questions_share_one_process_and_too_many_are_refused) {
  git_options options;
  options.workers = 1;
  options.max_waiting = 1;
  auto gate = (folder() / "gate").string();
  BOOST_REQUIRE(std::system(("mkfifo " + gate).c_str()) == 0);
  // The first process waits at the gate; by then the others are shared, waiting or refused.
  start("echo x >>" + (folder() / "runs").string() + "; read line <" + gate + "; echo '" +
            encode_answer(commit) + "'",
        options);
  caf::scoped_actor self{system()};
  auto first = self->request(actor, 30s, resolve_atom::value, query);
  auto same = self->request(actor, 30s, resolve_atom::value, query);
  auto waits = self->request(actor, 30s, resolve_atom::value, git_query{"https://b.org/y", "v1"});
  auto refused = self->request(actor, 30s, resolve_atom::value, git_query{"https://c.org/z", "v1"});
  refused.receive(
      [](const std::string&) { BOOST_ERROR("was not refused"); },
      [](const caf::error& why) { BOOST_TEST((code_of(why) == errc::too_many_requests)); });
  auto open_gate = [&] {
    std::ofstream out{gate};
    out << "go\n";
  };
  open_gate();
  auto is_commit = [&](const std::string& got) { BOOST_TEST(got == commit); };
  auto is_fault = [](const caf::error& why) { BOOST_ERROR(describe(why)); };
  first.receive(is_commit, is_fault);
  same.receive(is_commit, is_fault);
  open_gate();
  waits.receive(is_commit, is_fault);
  auto runs = read("runs");
  BOOST_TEST(std::count(runs.begin(), runs.end(), 'x') == 2);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
BOOST_AUTO_TEST_CASE(a_server_that_sends_refs_without_end_ends_at_the_memory_limit) {
  endless_refs server;
  git_options options;
  options.program = BINDERY_BINARY;
  options.timeout = 60s;
  actor = system().spawn(git, options, runner());
  auto answer = resolve({"http://127.0.0.1:" + std::to_string(server.port()) + "/x", "main"});
  BOOST_REQUIRE(!answer);
  // libgit2 says that memory is out, or dies of it: where the limit strikes is not ours to choose.
  auto told = describe(answer.error());
  BOOST_TEST(
      (code_of(answer.error()) == errc::unreachable || code_of(answer.error()) == errc::bad_answer),
      told);
  BOOST_TEST((told.find("memory") != std::string::npos ||
              told.find("the resolver ended with killed by signal") != std::string::npos),
             told);
}
#endif

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// Resolver processes that end when the test says so, on a clock of the test's own.
struct slow_git_world : virtual_time {
  slow_git_world() : slow_git_world(one_worker()) {}
  explicit slow_git_world(const git_options& options) {
    runner =
        spawn([this](process_runner_actor::pointer self) -> process_runner_actor::behavior_type {
          return {[this, self](run_atom, const process_spec& spec) -> caf::result<process_result> {
                    asked_for.push_back(decode_query(spec.input)->url);
                    under_way.push_back(self->make_response_promise());
                    return caf::delegated<process_result>{};
                  },
                  [](start_atom, const process_spec&, const process_sink_actor&) {
                    return uint64_t{1};
                  },
                  [this](stop_atom, uint64_t index) {
                    process_result result;
                    result.end.code = 0;
                    result.output = encode_answer(std::string(40, 'b'));
                    under_way.at(index).deliver(result);
                  },
                  [](line_atom, uint64_t, int32_t, const std::string&) {},
                  [](end_atom, uint64_t, const process_exit&) {},
                  [](end_atom, uint64_t, const caf::error&) {}};
        });
    actor = spawn(git, options, runner);
  }
  ~slow_git_world() { end_all(); }

  static git_options one_worker() {
    git_options options;
    options.workers = 1;
    return options;
  }

  std::shared_ptr<asked<std::string>> resolve(const std::string& url) {
    return ask<std::string>(actor, resolve_atom::value, git_query{url, "main"});
  }
  /// Ends the process that was started as number `index`, from 0.
  void process_ends(uint64_t index) { tell(runner, stop_atom::value, index); }

  process_runner_actor runner;
  git_actor actor;
  std::vector<caf::response_promise> under_way;
  std::vector<std::string> asked_for;
};

struct two_per_host : slow_git_world {
  two_per_host() : slow_git_world(options()) {}
  static git_options options() {
    git_options options;
    options.workers = 3;
    options.workers_per_host = 2;
    return options;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_question_that_waited_too_long_is_refused_and_not_asked, slow_git_world) {
  auto first = resolve("https://a.example/x");
  auto stale = resolve("https://b.example/x");
  advance(59s);
  auto fresh = resolve("https://c.example/x");
  advance(2s);
  process_ends(0);
  BOOST_TEST(first->value.has_value());
  BOOST_TEST((stale->code() == errc::too_many_requests));
  BOOST_TEST(!fresh->done());
  BOOST_TEST(asked_for.size() == 2U);
  process_ends(1);
  BOOST_TEST(fresh->value.has_value());
}

BOOST_FIXTURE_TEST_CASE(a_silent_host_cannot_hold_every_worker, two_per_host) {
  resolve("https://silent.example/1");
  resolve("git://SILENT.example:9418/2");
  auto third = resolve("https://user@silent.example/3");
  auto other = resolve("https://other.example/x");
  BOOST_TEST(joined(asked_for) ==
             "https://silent.example/1 git://SILENT.example:9418/2 https://other.example/x");
  process_ends(2);
  BOOST_TEST(other->value.has_value());
  BOOST_TEST(asked_for.size() == 3U);
  process_ends(0);
  BOOST_TEST(asked_for.back() == "https://user@silent.example/3");
  process_ends(3);
  BOOST_TEST(third->value.has_value());
}

BOOST_FIXTURE_TEST_CASE(hosts_are_asked_in_the_order_in_which_they_came, two_per_host) {
  for (const char* url : {"https://a.example/1", "https://a.example/2", "https://a.example/3",
                          "https://b.example/1", "https://b.example/2"})
    resolve(url);
  process_ends(0);
  BOOST_TEST(joined(asked_for) ==
             "https://a.example/1 https://a.example/2 https://b.example/1 https://a.example/3");
}
