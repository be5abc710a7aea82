// Clients that leave their launch, and those that come back.
#include "tests/unit/actors/launch_world.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(launch_leaving)

BOOST_FIXTURE_TEST_CASE(client_gone_mid_build_leaves_the_build_running, launch_world) {
  image_exists = false;
  auto gone = launch("gone");
  leave("gone");
  advance(8s);
  auto stays = launch("stays");
  build_says(make_event(phase::built, "Built"));
  BOOST_TEST(builds_started == 1);
  BOOST_TEST(joined(gone->phases()) == "waiting");
  BOOST_TEST(joined(stays->phases()) == "waiting built launching ready");
  BOOST_TEST(created.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(client_gone_mid_launch_has_its_server_deleted, launch_world) {
  hub_ends = false;
  auto seen = launch();
  leave("launch1");
  advance(7s);
  BOOST_TEST(deleted.empty());
  advance(1s);
  BOOST_TEST(joined(deleted) == "user-1");
  BOOST_TEST(joined(seen->phases()) == "built launching");
  BOOST_TEST(joined(ends) == "cancelled");
}

BOOST_FIXTURE_TEST_CASE(client_gone_between_attempts_starts_no_other, launch_world) {
  start_error = make_error(errc::upstream_error, "hub says 500");
  services->launching.retry_delay = 20s;
  launch();
  leave("launch1");
  advance(8s);
  BOOST_TEST(services.use_count() == 1);  // nothing waits for the next attempt
  advance(60s);
  BOOST_TEST(joined(created) == "user-1");
  BOOST_TEST(joined(deleted) == "user-1");
}

// A node ends its services, the hub's actor among them, when no launch holds them any more.
BOOST_FIXTURE_TEST_CASE(an_abandoned_launch_holds_its_services_until_its_user_is_deleted,
                        launch_world) {
  hub_ends = false;
  delete_answers = false;
  launch();
  end(desk, caf::exit_reason::user_shutdown);
  BOOST_TEST(joined(deleted) == "user-1");
  BOOST_TEST(services.use_count() == 2);
  hub_says({0, "Stopping", false, true, ""});  // the hub's last word on the start
  BOOST_TEST(joined(deleted) == "user-1");
  BOOST_TEST(services.use_count() == 2);
  hub_has_deleted();
  BOOST_TEST(services.use_count() == 1);
}

BOOST_FIXTURE_TEST_CASE(leaving_between_attempts_awaits_the_deletion_too, launch_world) {
  start_error = make_error(errc::upstream_error, "hub says 500");
  delete_answers = false;
  launch();
  end(desk, caf::exit_reason::user_shutdown);
  BOOST_TEST(services.use_count() == 2);
  hub_has_deleted();
  BOOST_TEST(services.use_count() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_client_that_comes_back_in_time_finds_its_launch, launch_world) {
  image_exists = false;
  launch("back");
  leave("back");
  advance(7s);
  auto seen = launch("back");
  advance(7s);  // the first absence's timer passes
  build_says(make_event(phase::built, "Built"));
  BOOST_TEST(supervisors == 1);
  BOOST_TEST(joined(seen->phases()) == "waiting built launching ready");
}

BOOST_FIXTURE_TEST_CASE(a_built_image_waits_for_somebody_to_watch, launch_world) {
  image_exists = false;
  auto gone = launch("back");
  leave("back");
  build_says(make_event(phase::built, "Built"));
  BOOST_TEST(created.empty());
  auto seen = launch("back");
  BOOST_TEST(joined(seen->phases()) == "waiting built launching ready");
  BOOST_TEST(joined(created) == "user-1");
}

BOOST_FIXTURE_TEST_CASE(a_built_image_for_nobody_starts_no_server, launch_world) {
  image_exists = false;
  launch("gone");
  leave("gone");
  build_says(make_event(phase::built, "Built"));
  advance(8s);
  BOOST_TEST(created.empty());
  BOOST_TEST(joined(ends) == "cancelled");
}

BOOST_FIXTURE_TEST_CASE(a_server_that_is_ready_while_nobody_watches_is_held_then_deleted,
                        launch_world) {
  hub_ends = false;
  launch("gone");
  leave("gone");
  hub_says({100, "Server ready", true, false, "/user/u/"});
  BOOST_TEST(deleted.empty());
  advance(8s);
  BOOST_TEST(joined(deleted) == "user-1");
  BOOST_TEST(joined(ends) == "cancelled");
}

BOOST_FIXTURE_TEST_CASE(a_server_that_is_ready_while_nobody_watches_is_told_to_who_comes_back,
                        launch_world) {
  hub_ends = false;
  launch("back");
  leave("back");
  hub_says({100, "Server ready", true, false, "/user/u/"});
  auto seen = launch("back");
  BOOST_TEST(joined(seen->phases()) == "built launching launching ready");
  advance(60s);
  BOOST_TEST(deleted.empty());
  BOOST_TEST(joined(ends) == "success");
}

BOOST_FIXTURE_TEST_CASE(the_same_launch_id_joins_and_gets_what_it_missed, launch_world) {
  image_exists = false;
  auto first = launch("same");
  auto again = launch("same");
  build_says(make_event(phase::built, "Built"));
  BOOST_TEST(supervisors == 1);
  BOOST_TEST(created.size() == 1U);
  BOOST_TEST(joined(first->phases()) == "waiting built launching ready");
  BOOST_TEST(joined(again->phases()) == "waiting built launching ready");
  auto late = launch("same");
  BOOST_TEST(joined(late->phases()) == "waiting built launching ready");
  advance(61s);
  launch("same");
  BOOST_TEST(supervisors == 2);
}

BOOST_AUTO_TEST_SUITE_END()
