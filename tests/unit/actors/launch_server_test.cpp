// What a launch asks of the hub, and what becomes of it.
#include "tests/unit/actors/launch_world.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(launch_servers)

BOOST_FIXTURE_TEST_CASE(hub_progress_is_passed_on, launch_world) {
  hub_ends = false;
  auto seen = launch();
  hub_says({10, "Pulling image", false, false, ""});
  hub_says({100, "Server ready", true, false, "/user/u/"});
  BOOST_TEST(joined(seen->phases()) == "built launching launching launching ready");
  BOOST_TEST(seen->message(2) == "Pulling image\n");
  BOOST_TEST(seen->message(3) == "Server ready\n");
}

BOOST_FIXTURE_TEST_CASE(each_attempt_is_timed_by_itself, launch_world) {
  std::vector<std::chrono::milliseconds> took;
  services->on_end = [&](const launch_outcome& end) { took.push_back(end.launch_time); };
  services->launching.retries = 2;
  hub_ends = false;
  launch("a");
  advance(5s);
  hub_says({100, "no room", false, true, ""});
  advance(4s);
  advance(3s);
  hub_says({100, "Server ready", true, false, "/user/u/"});
  BOOST_REQUIRE(took.size() == 1U);
  BOOST_TEST(took.front().count() == 3'000);
}

BOOST_FIXTURE_TEST_CASE(failed_attempts_are_cleaned_up_and_tried_again, launch_world) {
  start_errors = {make_error(errc::upstream_error, "hub says 500"),
                  make_error(errc::upstream_error, "hub says 500"), caf::error{}};
  auto seen = launch();
  BOOST_TEST(joined(seen->phases()) == "built launching launching");
  BOOST_TEST(seen->message(2) == "Launch attempt 1 failed, retrying...\n");
  advance(4s);
  BOOST_TEST(seen->events.size() == 4U);
  advance(7s);
  BOOST_TEST(seen->events.size() == 4U);
  advance(1s);
  BOOST_TEST(joined(seen->phases()) == "built launching launching launching ready");
  BOOST_TEST(joined(created) == "user-1 user-2 user-3");
  BOOST_TEST(joined(deleted) == "user-1 user-2");
  BOOST_TEST(seen->last()["url"].get<std::string>() == "https://hub.example.org/user/user-3/");
}

BOOST_FIXTURE_TEST_CASE(the_last_failed_attempt_ends_the_launch, launch_world) {
  start_error = make_error(errc::upstream_error, "JupyterHub answered 500");
  auto seen = launch();
  advance(4s + 8s + 16s);
  BOOST_TEST(joined(created) == "user-1 user-2 user-3 user-4");
  BOOST_TEST(joined(deleted) == "user-1 user-2 user-3 user-4");
  BOOST_TEST(seen->message(seen->events.size() - 1) ==
             "Getting a server from JupyterHub failed: JupyterHub answered 500 (attempt 4 of 4). "
             "Try again in a few minutes.\n");
}

BOOST_FIXTURE_TEST_CASE(the_failure_is_told_when_the_hub_has_deleted_the_last_user, launch_world) {
  services->launching.retries = 1;
  start_error = make_error(errc::upstream_error, "JupyterHub answered 500");
  delete_answers = false;
  auto seen = launch();
  advance(9s);
  BOOST_TEST(joined(deleted) == "user-1");
  BOOST_TEST(joined(seen->phases()) == "built launching");
  hub_has_deleted();
  BOOST_TEST(joined(seen->phases()) == "built launching failed");
}

BOOST_FIXTURE_TEST_CASE(a_hub_that_does_not_delete_holds_the_failure_back_for_ten_seconds,
                        launch_world) {
  services->launching.retries = 1;
  start_error = make_error(errc::upstream_error, "JupyterHub answered 500");
  delete_answers = false;
  auto seen = launch();
  advance(10s);
  BOOST_TEST(joined(seen->phases()) == "built launching failed");
  BOOST_TEST(seen->message(2).find("JupyterHub answered 500") != std::string::npos);
  BOOST_TEST(services.use_count() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_user_that_somebody_else_created_is_not_deleted, launch_world) {
  services->launching.retries = 1;
  create_error = make_error(errc::already_running, "user-1 exists");
  auto seen = launch();
  BOOST_TEST(joined(seen->phases()) == "built launching failed");
  BOOST_TEST(deleted.empty());
}

BOOST_FIXTURE_TEST_CASE(hub_says_failed, launch_world) {
  services->launching.retries = 1;
  hub_end = hub_progress{100, "Spawn failed: no such image", false, true, ""};
  auto seen = launch();
  BOOST_TEST(joined(seen->phases()) == "built launching launching failed");
  BOOST_TEST(seen->message(2) == "Spawn failed: no such image\n");
  BOOST_TEST(seen->message(3).find("Spawn failed: no such image") != std::string::npos);
  BOOST_TEST(seen->last()["status_code"].get<int>() == 500);
  BOOST_TEST(joined(deleted) == "user-1");
}

BOOST_AUTO_TEST_SUITE_END()
