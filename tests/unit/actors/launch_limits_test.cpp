// What may forbid a launch: quotas before build and before launch, the operator's own check.
#include <nlohmann/json.hpp>

#include "actors/launch_quota.hpp"
#include "tests/unit/actors/launch_world.hpp"
#include "tests/unit/actors/scripted_http.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

struct limited_world : launch_world {
  limited_world() {
    auto& s = *services;
    s.http = spawn(scripted_http_client, http);
    s.repo_quota = [this](const repo_provider&, std::string_view spec) {
      quotas_asked.emplace_back(spec);
      return repo_quota;
    };
  }

  void limit(std::optional<uint32_t> total) {
    launch_quota_options options;
    options.total_quota = total;
    services->quota =
        spawn(launch_quota, options, caf::actor_cast<server_lister_actor>(services->hub));
  }

  void runs(const std::string& user, const std::string& image) {
    listed.servers.push_back({user + "/", image});
  }

  void check_at(std::string url) { services->pre_launch = {std::move(url), 10s}; }

  std::shared_ptr<scripted_http> http = std::make_shared<scripted_http>();
  uint32_t repo_quota = 0;
  std::vector<std::string> quotas_asked;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(launch_limits, limited_world)

BOOST_AUTO_TEST_CASE(a_full_hub_fails_a_launch_without_asking_for_a_server) {
  runs("x", "other:1");
  limit(1);
  auto seen = launch();
  BOOST_TEST(joined(seen->phases()) == "built failed");
  BOOST_TEST(seen->last()["message"].get<std::string>() ==
             "Too many users on this BinderHub! Try again soon.\n");
  BOOST_TEST(!seen->last().contains("status_code"));
  BOOST_TEST(created.empty());
  BOOST_TEST(joined(ends) == "pod_quota");
}

BOOST_AUTO_TEST_CASE(a_full_hub_builds_nothing) {
  image_exists = false;
  runs("x", "other:1");
  limit(1);
  auto seen = launch();
  BOOST_TEST(joined(seen->phases()) == "failed");
  BOOST_TEST(builds_started == 0);
}

BOOST_AUTO_TEST_CASE(a_repository_may_be_full_on_its_own) {
  runs("x", "registry/x:0");
  runs("y", "registry/x:1");
  limit({});
  repo_quota = 2;
  auto seen = launch();
  BOOST_TEST(seen->last()["message"].get<std::string>() ==
             "Too many users running https://example.org/x! Try again soon.\n");
  BOOST_TEST(joined(ends) == "repo_quota");
  BOOST_TEST(quotas_asked.back() == "x/HEAD");
  repo_quota = 3;
  advance(10s);
  BOOST_TEST(launch("launch2")->phases().back() == "ready");
}

BOOST_AUTO_TEST_CASE(a_hub_that_fills_during_the_build_stops_the_launch) {
  image_exists = false;
  limit(1);
  auto seen = launch();
  BOOST_TEST(builds_started == 1);
  runs("x", "other:1");
  advance(10s);
  build_says(make_event(phase::built, "Built"));
  BOOST_TEST(joined(seen->phases()) == "waiting built failed");
  BOOST_TEST(created.empty());
}

BOOST_AUTO_TEST_CASE(fifty_launches_at_once_start_ten_servers) {
  hub_ends = false;  // servers take their time
  limit(10);
  std::vector<std::shared_ptr<recording>> all;
  for (int i = 0; i < 50; ++i) all.push_back(launch("launch" + std::to_string(i)));
  BOOST_TEST(started.size() == 10u);
  BOOST_TEST(lists == 1);
  auto failed = 0;
  for (const auto& seen : all)
    if (seen->phases().back() == "failed") ++failed;
  BOOST_TEST(failed == 40);
}

BOOST_AUTO_TEST_CASE(a_hub_that_cannot_be_counted_fails_the_launch) {
  limit(5);
  list_error = make_error(errc::unreachable, "GET http://hub: connection refused");
  auto seen = launch();
  BOOST_TEST(seen->phases().back() == "failed");
  BOOST_TEST(seen->last()["message"].get<std::string>().find("could not be counted") !=
             std::string::npos);
  BOOST_TEST(seen->last()["status_code"].get<int>() == 502);
}

BOOST_AUTO_TEST_CASE(the_operators_check_is_told_what_is_to_be_launched) {
  check_at("https://check.example.org/launch");
  http->say({answer_of(204)});
  BOOST_TEST(launch()->phases().back() == "ready");
  BOOST_TEST(http->line(0) == "POST https://check.example.org/launch");
  auto body = nlohmann::json::parse(http->requests.at(0).body);
  BOOST_TEST(body == (nlohmann::json{{"provider", "git"},
                                     {"spec", "x/HEAD"},
                                     {"ref", std::string(40, 'a')},
                                     {"image", "registry/x:1"},
                                     {"repo_url", "https://example.org/x"},
                                     {"user", "user-1"},
                                     {"client_ip", "192.0.2.1"}}));
}

BOOST_AUTO_TEST_CASE(the_operators_no_ends_the_launch_in_its_words) {
  check_at("https://check.example.org/");
  http->say({answer_of(200, R"({"allow": false, "message": "Only on weekdays"})")});
  auto seen = launch();
  BOOST_TEST(joined(seen->phases()) == "built failed");
  BOOST_TEST(seen->last()["message"].get<std::string>() == "Only on weekdays\n");
  BOOST_TEST(seen->last()["status_code"].get<int>() == 403);
  BOOST_TEST(created.empty());
}

BOOST_AUTO_TEST_CASE(a_check_that_is_silent_lets_nobody_in) {
  check_at("https://check.example.org/");
  auto seen = launch();
  advance(10s);
  BOOST_TEST(seen->phases().back() == "failed");
  auto words = seen->last()["message"].get<std::string>();
  BOOST_TEST(words.find("tell the operator") != std::string::npos);
  BOOST_TEST(words.find("pre_launch_url") == std::string::npos);
  BOOST_TEST(words.find("Try again") != std::string::npos);
  BOOST_TEST(created.empty());
}

BOOST_AUTO_TEST_CASE(the_quota_is_asked_before_the_operator) {
  check_at("https://check.example.org/");
  http->say({answer_of(200)});
  limit(0);
  BOOST_TEST(launch()->phases().back() == "failed");
  BOOST_TEST(http->requests.empty());
}

BOOST_AUTO_TEST_CASE(nothing_starts_for_a_client_that_left_during_the_check) {
  check_at("https://check.example.org/");
  limit(1);
  auto seen = launch();
  leave("launch1");
  advance(9s);  // nobody came back
  BOOST_TEST(created.empty());
  BOOST_TEST(joined(ends) == "cancelled");
  advance(5s);
  http->say({answer_of(200)});
  BOOST_TEST(launch("launch2")->phases().back() == "ready");
}

BOOST_AUTO_TEST_CASE(a_client_that_comes_back_after_the_check_gets_its_server) {
  check_at("https://check.example.org/");
  limit(1);
  launch();
  leave("launch1");
  http->say({answer_of(200)});
  advance(3s);
  auto again = launch("launch1");
  advance(8s);  // the check that was silent fails
  BOOST_TEST(again->phases().back() == "failed");
}

BOOST_AUTO_TEST_SUITE_END()
