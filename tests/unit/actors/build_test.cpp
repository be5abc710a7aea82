#include "actors/build.hpp"

#include "actors/build_directory.hpp"
#include "runtime/build/log_text.hpp"
#include "tests/unit/actors/recorders.hpp"
#include "tests/unit/actors/virtual_time.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

/// Builds whose backends are actors that the test speaks for.
struct builds_fixture : virtual_time {
  explicit builds_fixture(uint32_t max_builds = 4, size_t max_waiting = 1'000) {
    directory = spawn(build_directory, build_directory_options{max_builds, max_waiting},
                      [this](const build_request& request, build_directory_actor home) {
                        auto started = system->spawn(build, options, request, backend(),
                                                     build_observer{}, home);
                        spawned.push_back(started.address());
                        return started;
                      });
  }

  ~builds_fixture() { end_all(); }

  build_backend backend() {
    return [this](caf::actor_system& sys, const build_request& request, build_sink_actor sink) {
      ++starts;
      sinks[request.image_name] = sink;
      auto worker = sys.spawn([this](caf::event_based_actor* self) -> caf::behavior {
        self->attach_functor([this] { ++ended_backends; });
        return {[](int) {}};
      });
      workers[request.image_name] = worker.address();
      spawned.push_back(worker.address());
      return worker;
    };
  }

  build_actor find(const std::string& image) {
    build_request request;
    request.image_name = image;
    request.build_name = "build-" + image;
    auto found = ask<build_actor>(directory, build_atom::value, request);
    BOOST_REQUIRE(found->value);
    return *found->value;
  }

  std::shared_ptr<recording> watch(const build_actor& of, uint64_t after = 0) {
    auto record = std::make_shared<recording>();
    auto sink = spawn(recording_sink, record);
    tell(of, subscribe_atom::value, sink, after);
    last_sink = sink;
    return record;
  }

  void say(const std::string& image, stream_event event) {
    tell(sinks.at(image), event_atom::value, std::string{}, std::move(event));
  }

  build_options options;
  build_directory_actor directory;
  std::map<std::string, build_sink_actor> sinks;
  std::map<std::string, caf::actor_addr> workers;
  build_sink_actor last_sink;
  int starts = 0;
  int ended_backends = 0;
};

/// Failed builds' logs are kept when the test says so.
struct kept_logs : builds_fixture {
  kept_logs() {
    options.logs = spawn([this](build_logs_actor::pointer self) -> build_logs_actor::behavior_type {
      return {[this, self](create_atom, const std::string&,
                           const std::string& text) -> caf::result<std::string> {
                texts.push_back(text);
                kept = self->make_response_promise();
                return caf::delegated<std::string>{};
              },
              [](read_atom, const std::string&) { return std::string{}; },
              [](fetch_atom, const std::string&, const build_log_reader_actor&) {},
              // The test's bell.
              [this](delete_atom) { kept.deliver(std::string{"id1"}); }};
    });
  }
  ~kept_logs() { end_all(); }

  void log_is_kept() { tell(options.logs, delete_atom::value); }

  std::vector<std::string> texts;
  caf::response_promise kept;
};

struct two_slots : builds_fixture {
  two_slots() : builds_fixture(2) {}
};

struct few_may_wait : builds_fixture {
  few_may_wait() : builds_fixture(1, 2) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(builds)

BOOST_FIXTURE_TEST_CASE(one_build_serves_all_who_ask_for_its_image, builds_fixture) {
  auto first = find("a:1");
  auto second = find("a:1");
  BOOST_CHECK(first == second);
  BOOST_TEST(starts == 1);
  BOOST_CHECK(find("b:1") != first);
  BOOST_TEST(starts == 2);
}

BOOST_FIXTURE_TEST_CASE(late_subscribers_get_every_event_from_the_record, builds_fixture) {
  auto running = find("a:1");
  auto early = watch(running);
  say("a:1", make_event(phase::building, "one"));
  say("a:1", make_event(phase::building, "two"));
  auto late = watch(running);
  auto resumed = watch(running, 1);
  say("a:1", make_event(phase::built, "done"));
  BOOST_TEST(joined(early->phases()) == "building building built");
  BOOST_TEST(joined(late->phases()) == "building building built");
  BOOST_TEST(joined(resumed->phases()) == "building built");
  for (size_t i = 0; i < late->events.size(); ++i) BOOST_TEST(late->events[i].number == i + 1);
}

BOOST_FIXTURE_TEST_CASE(a_backend_cannot_say_ready_nor_speak_after_its_end, builds_fixture) {
  auto record = watch(find("a:1"));
  say("a:1", make_event(phase::ready, "forged"));
  say("a:1", make_event(phase::failed, "no"));
  say("a:1", make_event(phase::built, "late"));
  BOOST_TEST(joined(record->phases()) == "failed");
}

BOOST_FIXTURE_TEST_CASE(a_backend_that_dies_fails_the_build, builds_fixture) {
  auto record = watch(find("a:1"));
  auto worker = caf::actor_cast<caf::actor>(workers.at("a:1"));
  end(worker, caf::exit_reason::kill);
  BOOST_TEST(joined(record->phases()) == "failed");
  BOOST_TEST(record->message(0).find("stopped before it ended") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_failed_build_is_forgotten_so_the_next_asker_starts_anew, builds_fixture) {
  auto first = find("a:1");
  say("a:1", make_event(phase::failed, "no"));
  BOOST_CHECK(find("a:1") != first);
  BOOST_TEST(starts == 2);
}

BOOST_FIXTURE_TEST_CASE(a_finished_build_lingers_for_those_who_just_missed_it, builds_fixture) {
  auto first = find("a:1");
  say("a:1", make_event(phase::built, "done"));
  BOOST_CHECK(find("a:1") == first);
  BOOST_TEST(joined(watch(first)->phases()) == "built");
  advance(31s);
  BOOST_CHECK(find("a:1") != first);
}

BOOST_FIXTURE_TEST_CASE(a_subscriber_that_leaves_or_dies_hears_no_more_and_the_build_goes_on,
                        builds_fixture) {
  auto running = find("a:1");
  auto left = watch(running);
  tell(running, leave_atom::value, last_sink);
  auto died = watch(running);
  end(last_sink);
  auto stays = watch(running);
  say("a:1", make_event(phase::building, "one"));
  BOOST_TEST(left->events.empty());
  BOOST_TEST(died->events.empty());
  BOOST_TEST(stays->events.size() == 1U);
  say("a:1", make_event(phase::built, "done"));
  BOOST_TEST(joined(stays->phases()) == "building built");
}

BOOST_FIXTURE_TEST_CASE(a_flood_of_log_is_bounded_and_late_subscribers_are_told, builds_fixture) {
  options.max_log_bytes = 1000;
  auto running = find("a:1");
  for (int i = 0; i < 100; ++i) say("a:1", make_event(phase::building, std::string(50, 'x')));
  auto late = watch(running);
  BOOST_TEST(late->events.size() < 15U);
  BOOST_TEST(late->message(0).find("earlier lines of this build are left out") !=
             std::string::npos);
  BOOST_TEST(late->events.back().number == 100U);
}

BOOST_FIXTURE_TEST_CASE(builds_beyond_the_slots_wait_in_order_and_say_so, two_slots) {
  find("a:1");
  find("b:1");
  auto third = watch(find("c:1"));
  auto fourth = watch(find("d:1"));
  BOOST_TEST(starts == 2);
  BOOST_TEST(third->message(0).find("builds ahead of this one: 2") != std::string::npos);
  BOOST_TEST(fourth->message(0).find("builds ahead of this one: 3") != std::string::npos);
  say("a:1", make_event(phase::failed, "no"));
  BOOST_TEST(starts == 3);
  BOOST_TEST(sinks.count("c:1") == 1U);
  say("b:1", make_event(phase::built, "done"));
  BOOST_TEST(sinks.count("d:1") == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_waiting_build_is_told_its_place_only_when_it_changes, two_slots) {
  find("a:1");
  find("b:1");
  auto third = watch(find("c:1"));
  for (int i = 0; i < 20; ++i) find("later:" + std::to_string(i));
  BOOST_TEST(third->events.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_waiting_build_that_nobody_wants_any_more_is_not_built, two_slots) {
  find("a:1");
  find("b:1");
  auto unwanted = find("c:1");
  watch(unwanted);
  tell(unwanted, leave_atom::value, last_sink);
  auto died = find("d:1");
  watch(died);
  end(last_sink);
  auto wanted = watch(find("e:1"));
  BOOST_TEST(wanted->message(0).find("builds ahead of this one: 2") != std::string::npos);
  BOOST_CHECK(find("c:1") != unwanted);
  say("a:1", make_failure("no", 0));
  BOOST_TEST(sinks.count("c:1") == 0U);
  BOOST_TEST(sinks.count("e:1") == 1U);
}

BOOST_FIXTURE_TEST_CASE(too_many_waiting_builds_are_refused, few_may_wait) {
  for (const char* image : {"a:1", "b:1", "c:1"}) find(image);
  build_request request;
  request.image_name = "d:1";
  auto refused = ask<build_actor>(directory, build_atom::value, request);
  BOOST_TEST(to_string(refused->code()) == "too_many_requests");
  find("c:1");  // joining one that waits is no new one
  say("a:1", make_failure("no", 0));
  find("d:1");
}

BOOST_FIXTURE_TEST_CASE(a_late_end_of_a_failed_build_leaves_its_successor_alone, builds_fixture) {
  find("a:1");
  say("a:1", make_failure("no", 0));
  auto second = find("a:1");
  advance(31s);  // the first has lingered and ends
  BOOST_CHECK(find("a:1") == second);
  BOOST_TEST(starts == 2);
}

BOOST_FIXTURE_TEST_CASE(a_build_that_dies_frees_its_slot, two_slots) {
  auto first = find("a:1");
  find("b:1");
  find("c:1");
  end(first, caf::exit_reason::kill);
  BOOST_TEST(starts == 3);
}

BOOST_FIXTURE_TEST_CASE(builds_end_with_their_directory_running_or_ended, builds_fixture) {
  watch(find("running"));
  watch(find("failed"));
  say("failed", make_failure("no", 0));
  end(directory);
  BOOST_TEST(ended_backends == 2);
  // The fixture fails the test where a build is still alive.
}

BOOST_FIXTURE_TEST_CASE(a_failed_build_has_its_log_kept_before_it_says_so, kept_logs) {
  auto record = watch(find("a:1"));
  say("a:1", make_event(phase::building, "\x1b[91mone\x1b[0m"));
  say("a:1", make_failure("it broke", 0));
  say("a:1", make_event(phase::building, "too late"));
  BOOST_TEST(joined(record->phases()) == "building");
  BOOST_REQUIRE(texts.size() == 1U);
  BOOST_TEST(texts[0].find("Failed: it broke\n") != std::string::npos);
  BOOST_TEST(texts[0].ends_with("\none\n"));
  log_is_kept();
  BOOST_TEST(joined(record->phases()) == "building failed");
  BOOST_TEST(build_log_of(record->events.back()) == "id1");
  BOOST_TEST(record->message(1) == "it broke\n");
  BOOST_TEST(record->events.back().number == 2U);
}

BOOST_FIXTURE_TEST_CASE(
    a_log_that_cannot_be_kept_holds_the_failure_back_no_longer_than_five_seconds, kept_logs) {
  auto record = watch(find("a:1"));
  say("a:1", make_failure("it broke", 0));
  advance(4s);
  BOOST_TEST(record->events.empty());
  advance(1s);
  BOOST_TEST(joined(record->phases()) == "failed");
  BOOST_TEST(build_log_of(record->events.back()).empty());
}

BOOST_FIXTURE_TEST_CASE(whoever_joins_or_leaves_while_the_log_is_kept_changes_nothing, kept_logs) {
  auto running = find("a:1");
  watch(running);
  say("a:1", make_event(phase::building, "one"));
  say("a:1", make_failure("it broke", 0));
  end(caf::actor_cast<caf::actor>(workers.at("a:1")));
  tell(running, leave_atom::value, last_sink);
  auto late = watch(running);
  log_is_kept();
  BOOST_TEST(joined(late->phases()) == "building failed");
  BOOST_TEST(late->message(1) == "it broke\n");
}

BOOST_FIXTURE_TEST_CASE(a_build_that_made_an_image_has_no_log_kept, kept_logs) {
  auto record = watch(find("a:1"));
  say("a:1", make_event(phase::built, "done"));
  BOOST_TEST(joined(record->phases()) == "built");
  BOOST_TEST(texts.empty());
}

BOOST_FIXTURE_TEST_CASE(credentials_are_in_no_event_and_in_no_log, kept_logs) {
  options.secrets = {"regpassword"};
  build_request request;
  request.image_name = "a:1";
  request.repo_url = "https://u:urlpassword@git.example/x";
  request.git_credentials = "username=u\\npassword=gitpassword";
  auto found = ask<build_actor>(directory, build_atom::value, request);
  auto record = watch(*found->value);
  for (const char* words :
       {"with gitpassword", "login regpassword", "urlpassword", "http://a:b@c/ http://d/?token=e"})
    say("a:1", make_event(phase::building, words));
  say("a:1", make_failure("no gitpassword", 0));
  log_is_kept();
  auto all = texts.at(0);
  for (const auto& event : record->events) all += event.json;
  for (const char* secret : {"gitpassword", "regpassword", "urlpassword", "a:b@", "token=e"})
    BOOST_TEST(all.find(secret) == std::string::npos, secret);
  BOOST_TEST(record->message(0) == "with ***\n");
}

BOOST_FIXTURE_TEST_CASE(ending_a_build_ends_its_backend, builds_fixture) {
  auto running = find("a:1");
  end(running);
  BOOST_TEST(ended_backends == 1);
}

BOOST_AUTO_TEST_SUITE_END()
