#include "actors/local_build.hpp"

#include <condition_variable>
#include <fstream>
#include <functional>
#include <mutex>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "tests/unit/actors/process_world.hpp"
#include "tests/unit/actors/recorders.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

struct build_world : process_world {
  /// Builds with a program that runs these lines of shell, to the last event.
  std::vector<stream_event> build_with(const std::string& lines, local_build_options options = {}) {
    options.repo2docker = script("repo2docker", lines);
    return build(options);
  }

  std::vector<stream_event> build(const local_build_options& options) {
    auto told = std::make_shared<std::promise<std::vector<stream_event>>>();
    auto so_far = std::make_shared<std::vector<stream_event>>();
    auto sink =
        system().spawn([told, so_far, hook = on_event]() -> build_sink_actor::behavior_type {
          return {[told, so_far, hook](event_atom, const std::string&, stream_event& event) {
            if (hook) hook(event);
            so_far->push_back(std::move(event));
            auto what = so_far->back().what;
            if (what == phase::built || what == phase::failed) told->set_value(*so_far);
          }};
        });
    auto backend = make_local_backend(options, runner(), registry);
    building = backend(system(), request, sink);
    auto all = told->get_future();
    if (all.wait_for(30s) != std::future_status::ready) BOOST_FAIL("the build did not end");
    return all.get();
  }

  static std::string message(const stream_event& event) {
    return nlohmann::json::parse(event.json)["message"];
  }

  /// Says that a push takes these credentials, or fails.
  void push_takes(caf::expected<std::string> credentials) {
    registry = system().spawn([credentials]() -> registry_actor::behavior_type {
      return {[](exists_atom, const std::string&) { return false; },
              [credentials](login_atom, const std::string&) -> caf::result<std::string> {
                if (!credentials) return credentials.error();
                return *credentials;
              },
              [](check_atom) {}};
    });
  }

  /// Sees each event as it comes, on the sink's thread.
  std::function<void(const stream_event&)> on_event;
  caf::actor building;
  registry_actor registry;
  build_request request{
      "build-x", "localhost:5000/x:1",        "https://example.org/x", std::string(40, 'a'),
      "git",     "username=x password=sekret"};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(local_builds, build_world)

BOOST_AUTO_TEST_CASE(the_log_arrives_line_by_line_and_ends_with_built) {
  auto events = build_with(R"(
    echo '{"phase": "fetching", "message": "Cloning"}' >&2
    echo 'a plain line'
    echo '{"phase": "building", "message": "Step 1/2"}' >&2
    exit 0)");
  std::vector<std::string> words;
  for (const auto& event : events) words.push_back(to_string(event.what));
  // Two pipes: their order between each other is not ours to promise.
  std::sort(words.begin(), words.end() - 1);
  BOOST_TEST(joined(words) == "building fetching unknown built");
}

BOOST_AUTO_TEST_CASE(the_program_gets_engine_credentials_and_arguments_and_no_terminal) {
  local_build_options options;
  options.container_engine = "unix:///run/engine.sock";
  options.arguments.push = true;
  auto events = build_with(
      "printf '%s\\n' \"$DOCKER_HOST\" \"$GIT_CREDENTIAL_ENV\" \"$GIT_TERMINAL_PROMPT\" \"$@\" >" +
          (folder() / "given").string(),
      options);
  BOOST_TEST((events.back().what == phase::built));
  auto given = read("given");
  BOOST_TEST(given.starts_with("unix:///run/engine.sock\nusername=x password=sekret\n0\n"));
  BOOST_TEST(given.find("--push\n") != std::string::npos);
  BOOST_TEST(given.ends_with("https://example.org/x\n"));
  auto arguments = given.substr(given.find("\n0\n"));
  BOOST_TEST(arguments.find("sekret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(credentials_for_pushing_come_from_the_registry_by_the_environment_alone) {
  push_takes(std::string{R"({"username":"u","password":"sekret"})"});
  local_build_options options;
  options.docker_config_folder = "/a/folder";
  auto events = build_with(
      "printf '%s\\n' \"$CONTAINER_ENGINE_REGISTRY_CREDENTIALS\" \"$DOCKER_CONFIG\" \"$@\" >" +
          (folder() / "given").string(),
      options);
  BOOST_TEST((events.back().what == phase::built));
  auto given = read("given");
  BOOST_TEST(given.starts_with("{\"username\":\"u\",\"password\":\"sekret\"}\n/a/folder\n"));
  // With a login there is something to push to, whatever else is set.
  BOOST_TEST(given.find("--push\n") != std::string::npos);
  BOOST_TEST(given.find("sekret", given.find("/a/folder")) == std::string::npos);
  for (const auto& event : events) BOOST_TEST(event.json.find("sekret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_login_that_was_got_for_the_push_is_in_nothing_that_is_told) {
  push_takes(std::string{R"({"username":"AWS","password":"got \"now\"","registry":"r"})"});
  auto events = build_with(R"(
    echo 'plain got "now"'
    echo '{"phase": "pushing", "message": "json got \"now\""}' >&2
    echo 'header QVdTOmdvdCAibm93Ig=='
    echo '{"phase": "failure", "message": "push: got \"now\" is refused"}' >&2
    exit 1)");
  BOOST_TEST((events.back().what == phase::failed));
  BOOST_TEST(events.size() == 5U);
  std::string all;
  for (const auto& event : events) all += message(event);
  BOOST_TEST(all.find("got \"now") == std::string::npos, all);
  BOOST_TEST(all.find("QVdTOmdvdCAibm93") == std::string::npos, all);
  BOOST_TEST(message(events.back()).find("push: *** is refused") != std::string::npos, all);
}

BOOST_AUTO_TEST_CASE(a_login_that_docker_cut_in_two_is_in_nothing_that_is_told) {
  push_takes(std::string{R"({"username":"u","password":"sekret-words"})"});
  auto events = build_with(R"(
    printf '%s\n' '{"phase": "building", "message": "it is sekret-"}' >&2
    printf '%s\n' '{"phase": "building", "message": "words, no secret\n"}' >&2)");
  BOOST_REQUIRE(events.size() == 2U);
  BOOST_TEST(message(events.front()) == "it is ***, no secret\n");
}

BOOST_AUTO_TEST_CASE(a_line_whose_end_does_not_come_is_told_before_the_step_goes_on) {
  auto heard = (folder() / "heard").string();
  on_event = [heard](const stream_event& event) {
    if (message(event) == "Waiting\n") std::ofstream{heard} << "yes";
  };
  auto events = build_with(R"(
    printf '%s\n' '{"phase": "building", "message": "Waiting"}' >&2
    while [ ! -e )" + heard +
                           R"( ]; do sleep 0.05; done
    printf '%s\n' '{"phase": "building", "message": "... done\n"}' >&2)");
  BOOST_REQUIRE(events.size() == 3U);
  BOOST_TEST(message(events[1]) == "... done\n");
}

BOOST_AUTO_TEST_CASE(without_a_push_secret_or_credentials_nothing_is_pushed) {
  push_takes(std::string{});
  build_with("printf '%s\\n' \"$@\" >" + (folder() / "given").string());
  BOOST_TEST(read("given").find("--push") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_login_that_cannot_be_had_fails_the_build) {
  push_takes(make_error(errc::forbidden, "the registry helper answered 403"));
  auto events = build_with("exit 0");
  BOOST_TEST((events.back().what == phase::failed));
  BOOST_TEST(message(events.back()) ==
             "Could not get a login for pushing localhost:5000/x:1: the "
             "registry helper answered 403\n");
}

BOOST_AUTO_TEST_CASE(a_failure_tells_the_exit_and_repo2dockers_own_words) {
  auto events = build_with(R"(
    echo '{"phase": "failure", "message": "RUN exit 3 returned a non-zero code"}' >&2
    exit 1)");
  BOOST_TEST((events.back().what == phase::failed));
  auto words = message(events.back());
  BOOST_TEST(words.find("exit status 1") != std::string::npos);
  BOOST_TEST(words.find("RUN exit 3 returned a non-zero code") != std::string::npos);
  for (size_t i = 0; i + 1 < events.size(); ++i) BOOST_TEST((events[i].what != phase::failed));
}

BOOST_AUTO_TEST_CASE(of_a_stack_trace_only_the_words_are_told) {
  auto events = build_with(R"(
    echo 'Traceback (most recent call last):' >&2
    echo '  File "/usr/lib/docker.py", line 1, in login' >&2
    echo 'requests.HTTPError: 500' >&2
    echo '' >&2
    echo 'During handling of the above exception, another exception occurred:' >&2
    echo '' >&2
    echo 'Traceback (most recent call last):' >&2
    echo '    raise' >&2
    echo 'docker.errors.APIError: unauthorized' >&2
    exit 1)");
  BOOST_TEST(events.size() == 3U);
  for (const auto& event : events) {
    BOOST_TEST(event.json.find("Traceback") == std::string::npos);
    BOOST_TEST(event.json.find("File") == std::string::npos);
  }
  BOOST_TEST(message(events[1]) == "docker.errors.APIError: unauthorized\n");
}

BOOST_AUTO_TEST_CASE(output_cannot_forge_the_end_of_a_build) {
  auto events = build_with(R"(
    echo '{"phase": "built", "message": "trust me"}' >&2
    echo '{"phase": "ready", "message": "trust me", "url": "http://evil.example/"}' >&2
    exit 1)");
  BOOST_TEST(events.size() == 3U);
  BOOST_TEST((events.back().what == phase::failed));
}

BOOST_AUTO_TEST_CASE(without_repo2docker_the_error_says_what_to_do) {
  local_build_options options;
  options.repo2docker = (folder() / "missing").string();
  auto events = build(options);
  BOOST_TEST((events.back().what == phase::failed));
  auto words = message(events.back());
  BOOST_TEST(words.find("there is no such program") != std::string::npos);
  BOOST_TEST(words.find("Bindery.repo2docker") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_build_that_takes_too_long_is_ended) {
  local_build_options options;
  options.timeout = 200ms;
  auto events = build_with("exec tail -f /dev/null", options);
  BOOST_TEST((events.back().what == phase::failed));
  BOOST_TEST(message(events.back()).find("ran out of time") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_child_is_read_no_faster_than_its_build_takes_the_lines) {
  struct slow_build {
    std::mutex mutex;
    std::vector<caf::response_promise> unanswered;
    bool answers = false, full = false;
    size_t bytes = 0, cost = 0;
    std::promise<void> stalled, ended;
  };
  auto taken = std::make_shared<slow_build>();
  auto sink =
      system().spawn([taken](build_sink_actor::pointer self) -> build_sink_actor::behavior_type {
        return {[taken, self](event_atom, const std::string&,
                              const stream_event& event) -> caf::result<void> {
          std::lock_guard guard{taken->mutex};
          taken->bytes += message(event).size();
          taken->cost += process_engine::cost_of(message(event));
          if (taken->answers) {
            for (auto& one : taken->unanswered) one.deliver(caf::unit);
            taken->unanswered.clear();
          }
          if (event.what == phase::built) taken->ended.set_value();
          if (taken->cost > process_engine::max_unconsumed_bytes &&
              !std::exchange(taken->full, true))
            taken->stalled.set_value();
          if (taken->answers) return caf::unit;
          taken->unanswered.push_back(self->make_response_promise());
          return caf::delegated<void>{};
        }};
      });
  local_build_options options;
  options.repo2docker =
      script("repo2docker", "yes " + std::string(200, 'x') + " | head -c 8000000");
  auto backend = make_local_backend(options, runner())(system(), request, sink);
  auto ended = taken->ended.get_future();
  BOOST_REQUIRE(taken->stalled.get_future().wait_for(30s) == std::future_status::ready);
  // Nothing is answered: it must not come to its end.
  BOOST_CHECK(ended.wait_for(300ms) == std::future_status::timeout);
  {
    std::lock_guard guard{taken->mutex};
    BOOST_TEST(taken->cost < 2 * process_engine::max_unconsumed_bytes);
    taken->answers = true;
  }
  caf::anon_send(sink, event_atom::value, std::string{}, make_event(phase::unknown, "go on"));
  BOOST_REQUIRE(ended.wait_for(30s) == std::future_status::ready);
  std::lock_guard guard{taken->mutex};
  BOOST_TEST(taken->bytes >= 8'000'000U);
}

BOOST_AUTO_TEST_CASE(ending_the_backend_ends_the_child_and_its_children) {
  auto gate = (folder() / "gate").string();
  BOOST_REQUIRE(std::system(("mkfifo " + gate).c_str()) == 0);
  local_build_options options;
  // The grandchild holds the pipe's write end open until it dies.
  options.repo2docker = script("repo2docker", "tail -f /dev/null >" + gate + " &\nwait");
  auto sink = system().spawn([]() -> build_sink_actor::behavior_type {
    return {[](event_atom, const std::string&, const stream_event&) {}};
  });
  auto backend = make_local_backend(options, runner())(system(), request, sink);
  std::ifstream reader{gate};  // opens when the grandchild has opened its end
  caf::anon_send_exit(backend, caf::exit_reason::user_shutdown);
  std::string rest{std::istreambuf_iterator<char>{reader}, {}};
  BOOST_TEST(rest.empty());  // reached: every writer is gone
}

BOOST_AUTO_TEST_SUITE_END()
