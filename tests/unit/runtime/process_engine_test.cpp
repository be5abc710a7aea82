#include "runtime/process/process_engine.hpp"

#include <algorithm>
#include <csignal>
#include <future>
#include <mutex>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"
#include "runtime/process/line_splitter.hpp"

using namespace bindery;
using namespace std::chrono_literals;

namespace {

/// One child, followed to its end with a deadline.
struct followed {
  std::mutex mutex;
  std::vector<std::string> lines;
  std::promise<process_exit> end;
  std::promise<caf::error> failure;
  std::promise<void> first_line;
  bool told_first = false;
  std::future<process_exit> ended = end.get_future();
  std::future<caf::error> failed = failure.get_future();
  std::future<void> spoke = first_line.get_future();

  process_listener listener() {
    return {[this](int32_t from, std::string line) {
              std::lock_guard guard{mutex};
              lines.push_back(std::to_string(from) + ":" + std::move(line));
              if (!std::exchange(told_first, true)) first_line.set_value();
            },
            [this](const process_exit& how) { end.set_value(how); },
            [this](caf::error why) { failure.set_value(std::move(why)); }};
  }
  process_exit wait() {
    BOOST_REQUIRE(ended.wait_for(20s) == std::future_status::ready);
    return ended.get();
  }
};

process_spec shell(std::string script) {
  process_spec spec;
  spec.program = "sh";
  spec.arguments = {"-c", std::move(script)};
  return spec;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(processes)

BOOST_AUTO_TEST_CASE(lines_of_both_streams_and_the_exit_status_arrive) {
  process_engine engine;
  followed child;
  engine.start(shell("echo one; echo two >&2; printf three; exit 3"), child.listener());
  auto end = child.wait();
  BOOST_TEST(end.code == 3);
  std::sort(child.lines.begin(), child.lines.end());
  BOOST_TEST(child.lines.size() == 3U);
  BOOST_TEST(child.lines[0] == "1:one");
  BOOST_TEST(child.lines[1] == "1:three");
  BOOST_TEST(child.lines[2] == "2:two");
}

BOOST_AUTO_TEST_CASE(input_environment_and_folder_reach_the_child) {
  process_engine engine;
  followed child;
  auto spec = shell("cat; echo; echo $WORD; pwd");
  spec.input = "given";
  spec.environment = {{"WORD", "a b;c"}};
  spec.working_folder = "/usr";
  engine.start(spec, child.listener());
  BOOST_TEST(child.wait().ok());
  BOOST_TEST(child.lines == (std::vector<std::string>{"1:given", "1:a b;c", "1:/usr"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(missing_program_is_named) {
  process_engine engine;
  followed child;
  process_spec spec;
  spec.program = "no-such-program-here";
  engine.start(spec, child.listener());
  BOOST_REQUIRE(child.failed.wait_for(20s) == std::future_status::ready);
  auto why = child.failed.get();
  BOOST_CHECK(code_of(why) == errc::process_failed);
  BOOST_TEST(describe(why) == "Cannot run no-such-program-here: there is no such program in PATH");
}

BOOST_AUTO_TEST_CASE(a_child_that_runs_too_long_is_ended_even_if_it_ignores_sigterm) {
  process_engine engine;
  followed child;
  auto spec = shell("trap '' TERM; while :; do sleep 1; done");
  spec.timeout = 100ms;
  spec.stop_grace = 100ms;
  engine.start(spec, child.listener());
  auto end = child.wait();
  BOOST_TEST(end.timed_out);
  BOOST_TEST(end.signal == SIGKILL);
}

BOOST_AUTO_TEST_CASE(stop_ends_the_whole_group) {
  process_engine engine;
  followed child;
  auto ticket = engine.start(shell("sleep 1000 & echo $!; wait"), child.listener());
  BOOST_REQUIRE(child.spoke.wait_for(20s) == std::future_status::ready);
  auto grandchild = std::stoi(child.lines.at(0).substr(2));
  pollfd grandchild_ends{static_cast<int>(::syscall(SYS_pidfd_open, grandchild, 0)), POLLIN, 0};
  BOOST_REQUIRE(grandchild_ends.fd >= 0);
  engine.stop(ticket);
  BOOST_TEST(child.wait().signal == SIGTERM);
  BOOST_TEST(::poll(&grandchild_ends, 1, 20'000) == 1);
  ::close(grandchild_ends.fd);
}

BOOST_AUTO_TEST_CASE(a_grandchild_that_keeps_the_pipe_does_not_delay_the_end) {
  process_engine engine;
  followed child;
  // setsid takes it out of the group, so that only the drain time ends the wait.
  engine.start(shell("setsid sleep 30 & echo started; exit 0"), child.listener());
  auto began = std::chrono::steady_clock::now();
  BOOST_TEST(child.wait().ok());
  BOOST_CHECK(std::chrono::steady_clock::now() - began < 15s);
}

BOOST_AUTO_TEST_CASE(a_flood_waits_in_its_pipe_until_it_is_consumed) {
  process_engine engine;
  std::mutex mutex;
  size_t told = 0, cost = 0;
  std::promise<void> stalled;
  std::promise<process_exit> end;
  auto stalled_future = stalled.get_future();
  auto ended = end.get_future();
  uint64_t ticket = 0;
  bool reached = false;
  auto spec = shell("yes 0123456789012345678901234567890123456789 | head -c 8000000");
  {
    std::lock_guard guard{mutex};
    ticket = engine.start(
        spec, {[&](int32_t, std::string line) {
                 std::lock_guard inner{mutex};
                 told += line.size() + 1;
                 cost += process_engine::cost_of(line);
                 if (cost > process_engine::max_unconsumed_bytes && !std::exchange(reached, true))
                   stalled.set_value();
               },
               [&](const process_exit& how) { end.set_value(how); },
               {}});
  }
  BOOST_REQUIRE(stalled_future.wait_for(20s) == std::future_status::ready);
  // Nothing is consumed: it must not come to its end.
  BOOST_CHECK(ended.wait_for(300ms) == std::future_status::timeout);
  {
    std::lock_guard guard{mutex};
    BOOST_TEST(cost < 2 * process_engine::max_unconsumed_bytes);
  }
  engine.consumed(ticket, SIZE_MAX);
  for (int i = 0; i < 200 && ended.wait_for(100ms) != std::future_status::ready; ++i)
    engine.consumed(ticket, SIZE_MAX);
  BOOST_REQUIRE(ended.wait_for(0s) == std::future_status::ready);
  std::lock_guard guard{mutex};
  BOOST_TEST(told == 8'000'001U);
}

BOOST_AUTO_TEST_CASE(the_last_words_of_a_child_that_was_not_read_further_are_told) {
  process_engine engine;
  followed child;
  // Short enough that the pipe takes what the window does not: the child ends, and nobody consumes.
  engine.start(shell("yes . | head -n 30000; echo the cause >&2; echo the last word; exit 3"),
               child.listener());
  BOOST_TEST(child.wait().code == 3);
  BOOST_TEST(child.lines.size() == 30'002U);
  for (auto words : {"1:the last word", "2:the cause"})
    BOOST_TEST((std::find(child.lines.begin(), child.lines.end(), words) != child.lines.end()));
}

BOOST_AUTO_TEST_CASE(the_engine_ends_its_children_when_it_ends) {
  followed child;
  {
    process_engine engine;
    engine.start(shell("echo up; sleep 1000"), child.listener());
    BOOST_REQUIRE(child.spoke.wait_for(20s) == std::future_status::ready);
  }
  BOOST_TEST(child.wait().signal == SIGTERM);
}

BOOST_AUTO_TEST_CASE(children_inherit_no_descriptor_of_ours) {
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  process_engine engine;
  followed child;
  engine.start(shell("ls /proc/self/fd | wc -l"), child.listener());
  BOOST_TEST(child.wait().ok());
  BOOST_TEST(std::stoi(child.lines.at(0).substr(2)) <= 4);  // 0, 1, 2 and the listing itself
  ::close(ends[0]);
  ::close(ends[1]);
}

BOOST_AUTO_TEST_CASE(lines_are_cut_at_their_bound) {
  line_splitter lines{4};
  std::vector<std::string> out;
  auto take = [&](std::string line) { out.push_back(std::move(line)); };
  lines.take("abcdefgh\r\nx\n\ny", take);
  lines.finish(take);
  BOOST_TEST(out == (std::vector<std::string>{"abcd", "efgh", "x", "y"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
