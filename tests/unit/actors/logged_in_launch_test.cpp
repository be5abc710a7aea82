#include <chrono>

#include "tests/unit/actors/launch_world.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

/// A launch of alice's, who is logged in.
struct alices_world : launch_world {
  std::shared_ptr<recording> launch_hers(const std::string& id = "hers") {
    auto record = std::make_shared<recording>();
    clients[id] = spawn(recording_sink, record);
    launch_request request;
    request.launch_id = id;
    request.provider = "git";
    request.spec = "x/HEAD";
    request.user = "alice@x";
    tell(desk, launch_atom::value, request, clients[id]);
    return record;
  }
  std::string last_words(const recording& seen) const {
    return seen.message(seen.events.size() - 1);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(logged_in_launch_suite)

BOOST_FIXTURE_TEST_CASE(it_is_the_users_own_server, alices_world) {
  auto seen = launch_hers();
  BOOST_TEST(joined(seen->phases()) == "built launching ready");
  BOOST_TEST(seen->last()["url"].get<std::string>() == "https://hub.example.org/user/alice@x/");
  BOOST_TEST(created.empty());
  BOOST_TEST(started.size() == 1U);
  BOOST_TEST(joined(deleted).empty());
  BOOST_TEST(joined(stopped).empty());
}

BOOST_FIXTURE_TEST_CASE(a_running_server_is_in_the_way_of_another, alices_world) {
  servers = {""};
  auto seen = launch_hers();
  BOOST_TEST(joined(seen->phases()) == "built launching failed");
  BOOST_TEST(seen->last()["status_code"].get<int>() == 409);
  BOOST_TEST(last_words(*seen).find("User alice@x already has a running server.") == 0U);
  BOOST_TEST(last_words(*seen).find("https://hub.example.org/hub/home") != std::string::npos);
  advance(60s);
  BOOST_TEST(started.empty());
  BOOST_TEST(joined(stopped).empty());  // that server is not ours
}

BOOST_FIXTURE_TEST_CASE(servers_with_names_are_not_in_the_way_of_the_default_one, alices_world) {
  servers = {"other"};
  BOOST_TEST(joined(launch_hers()->phases()) == "built launching ready");
}

BOOST_FIXTURE_TEST_CASE(a_server_that_was_started_meanwhile_is_left_alone, alices_world) {
  start_error = make_error(errc::already_running, "the user's server runs already");
  auto seen = launch_hers();
  BOOST_TEST(seen->last()["status_code"].get<int>() == 409);
  advance(60s);
  BOOST_TEST(started.size() == 1U);
  BOOST_TEST(joined(stopped).empty());
}

BOOST_FIXTURE_TEST_CASE(named_servers_run_beside_each_other, alices_world) {
  services->launching.named_servers = true;
  servers = {"", "a", "b"};
  auto seen = launch_hers();
  BOOST_TEST(seen->last()["url"].get<std::string>() ==
             "https://hub.example.org/user/alice@x/user-1/");
}

BOOST_FIXTURE_TEST_CASE(named_servers_have_a_limit, alices_world) {
  services->launching.named_servers = true;
  services->launching.named_server_limit = 2;
  servers = {"", "a"};
  BOOST_TEST(joined(launch_hers("one")->phases()) == "built launching ready");
  servers = {"", "a", "b"};
  auto seen = launch_hers("two");
  BOOST_TEST(seen->last()["status_code"].get<int>() == 409);
  BOOST_TEST(last_words(*seen).find("2 named servers") != std::string::npos);
  advance(60s);
  BOOST_TEST(started.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_list_that_failed_is_asked_for_again_before_anything_starts,
                        alices_world) {
  services->launching.named_servers = true;
  services->launching.named_server_limit = 2;
  servers = {"", "a", "b"};
  list_errors = {make_error(errc::upstream_error, "hub says 502")};
  auto seen = launch_hers();
  advance(60s);
  BOOST_TEST(seen->last()["status_code"].get<int>() == 409);
  BOOST_TEST(started.empty());
}

BOOST_FIXTURE_TEST_CASE(a_failed_attempts_server_is_stopped_and_no_user_deleted, alices_world) {
  services->launching.named_servers = true;
  start_errors = {make_error(errc::upstream_error, "hub says 500"), caf::error{}};
  auto seen = launch_hers();
  advance(10s);
  BOOST_TEST(seen->last()["url"].get<std::string>() ==
             "https://hub.example.org/user/alice@x/user-2/");
  BOOST_TEST(joined(stopped) == "alice@x/user-1");
  BOOST_TEST(joined(deleted).empty());
}

BOOST_FIXTURE_TEST_CASE(the_users_one_server_is_gone_before_it_is_started_again, alices_world) {
  start_errors = {make_error(errc::upstream_error, "hub says 500"), caf::error{}};
  delete_answers = false;
  auto seen = launch_hers();
  advance(5s);
  BOOST_TEST(joined(stopped) == "alice@x/");
  BOOST_TEST(started.size() == 1U);
  hub_has_deleted();
  BOOST_TEST(started.size() == 2U);
  BOOST_TEST(joined(seen->phases()) == "built launching launching ready");
}

BOOST_FIXTURE_TEST_CASE(leaving_while_a_failed_server_stops_starts_no_other, alices_world) {
  start_errors = {make_error(errc::upstream_error, "hub says 500"), caf::error{}};
  delete_answers = false;
  services->launching.cleanup_timeout = 60s;
  launch_hers();
  advance(5s);
  leave("hers");
  advance(8s);
  hub_has_deleted();
  advance(60s);
  BOOST_TEST(started.size() == 1U);
  BOOST_TEST(joined(ends) == "cancelled");
  BOOST_TEST(services.use_count() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_client_that_leaves_has_the_server_stopped, alices_world) {
  hub_ends = false;
  launch_hers();
  leave("hers");
  advance(8s);
  BOOST_TEST(joined(stopped) == "alice@x/");
  BOOST_TEST(joined(deleted).empty());
  BOOST_TEST(joined(ends) == "cancelled");
}

BOOST_FIXTURE_TEST_CASE(a_server_that_nobody_came_back_for_is_stopped, alices_world) {
  services->launching.named_servers = true;
  hub_ends = false;
  launch_hers();
  leave("hers");
  hub_says({100, "Server ready", true, false, "/user/alice/x/"});
  BOOST_TEST(joined(stopped).empty());
  advance(8s);
  BOOST_TEST(joined(stopped) == "alice@x/user-1");
  BOOST_TEST(joined(deleted).empty());
}

BOOST_AUTO_TEST_SUITE_END()
