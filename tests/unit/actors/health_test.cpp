#include "actors/health.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/unit/actors/virtual_time.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

/// A service that answers, fails or stays silent as a test says.
struct service {
  enum { fine, failing, silent } mood = fine;
  int asked = 0;
};

struct service_state {
  std::vector<caf::response_promise> unanswered;
};

checkable_actor::behavior_type service_actor(checkable_actor::stateful_pointer<service_state> self,
                                             service* what) {
  return {[self, what](check_atom) -> caf::result<void> {
    ++what->asked;
    if (what->mood == service::fine) return caf::unit;
    if (what->mood == service::failing) return make_error(errc::unreachable, "it is down");
    self->state.unanswered.push_back(self->make_response_promise());
    return self->state.unanswered.back();
  }};
}

struct service_usage {
  server_usage now;
  caf::error error;
  int asked = 0;
};

launch_quota_actor::behavior_type usage_actor(launch_quota_actor::pointer, service_usage* what) {
  return {[](check_atom, const quota_claim&) {}, [](reserve_atom, const quota_claim&) {},
          [what](count_atom) -> caf::result<server_usage> {
            ++what->asked;
            if (what->error) return what->error;
            return what->now;
          }};
}

struct health_fixture : virtual_time {
  health_fixture() {
    health_options options;
    options.on_change = [this](const std::string& name, bool ok, const std::string& why) {
      changes.push_back(name + (ok ? " serves" : " fails: " + why));
    };
    std::vector<health_check> checks{{"Docker registry", spawn(service_actor, &registry)},
                                     {"JupyterHub API", spawn(service_actor, &hub)}};
    actor = spawn(health, std::move(checks), options);
  }

  std::shared_ptr<asked<health_report>> report() {
    return ask<health_report>(actor, check_atom::value);
  }

  service registry, hub;
  std::vector<std::string> changes;
  health_actor actor;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(health_in_virtual_time, health_fixture)

BOOST_AUTO_TEST_CASE(all_is_well) {
  auto told = report();
  BOOST_TEST(told->value->ok);
  BOOST_TEST(told->value->json == R"({"ok":true,"checks":[{"service":"Docker registry","ok":true},)"
                                  R"({"service":"JupyterHub API","ok":true}]})");
  BOOST_TEST(changes.empty());
}

BOOST_AUTO_TEST_CASE(a_result_serves_for_15_seconds) {
  report();
  advance(14'999ms);
  BOOST_TEST(report()->done());
  BOOST_TEST(registry.asked == 1);
  advance(1ms);
  BOOST_TEST(report()->done());
  BOOST_TEST(registry.asked == 2);
  BOOST_TEST(hub.asked == 2);
}

BOOST_AUTO_TEST_CASE(a_failing_service_has_three_attempts_a_second_apart) {
  hub.mood = service::failing;
  auto told = report();
  advance(1'999ms);
  BOOST_TEST(!told->done());
  BOOST_TEST(hub.asked == 2);
  advance(1ms);
  BOOST_REQUIRE(told->done());
  BOOST_TEST(hub.asked == 3);
  BOOST_TEST(registry.asked == 1);
  BOOST_TEST(!told->value->ok);
  BOOST_TEST(told->value->json ==
             R"({"ok":false,"checks":[{"service":"Docker registry","ok":true},)"
             R"({"service":"JupyterHub API","ok":false}]})");
  // A failure is kept as long as a success.
  BOOST_TEST(!report()->value->ok);
  BOOST_TEST(hub.asked == 3);
}

BOOST_AUTO_TEST_CASE(a_passing_fault_does_not_show) {
  hub.mood = service::failing;
  auto told = report();
  hub.mood = service::fine;
  advance(1s);
  BOOST_TEST(told->value->ok);
  BOOST_TEST(hub.asked == 2);
}

BOOST_AUTO_TEST_CASE(a_silent_service_fails_after_three_timeouts) {
  registry.mood = service::silent;
  auto told = report();
  advance(3 * 3s + 2s - 1ms);
  BOOST_TEST(!told->done());
  advance(1ms);
  BOOST_TEST(!told->value->ok);
  BOOST_TEST(registry.asked == 3);
}

BOOST_AUTO_TEST_CASE(concurrent_askers_share_one_check) {
  hub.mood = service::failing;
  std::vector<std::shared_ptr<asked<health_report>>> all;
  for (int i = 0; i < 50; ++i) all.push_back(report());
  advance(2s);
  for (auto& told : all) BOOST_TEST(told->done());
  BOOST_TEST(hub.asked == 3);
  BOOST_TEST(registry.asked == 1);
}

BOOST_AUTO_TEST_CASE(changes_are_told_once_with_their_cause) {
  hub.mood = service::failing;
  report();
  advance(20s);
  report();
  advance(20s);
  hub.mood = service::fine;
  report();
  advance(20s);
  report();
  BOOST_TEST(changes == (std::vector<std::string>{"JupyterHub API fails: it is down",
                                                  "JupyterHub API serves"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(its_end_answers_every_asker) {
  registry.mood = service::silent;
  auto told = report();
  end(actor);
  BOOST_CHECK(told->code() == errc::shutting_down);
}

BOOST_AUTO_TEST_CASE(the_quota_is_shown_and_never_counts) {
  service_usage usage{{5, true, 6}, {}, 0};
  health_options options;
  options.quota = spawn(usage_actor, &usage);
  options.builds_in_progress = [] { return uint64_t{2}; };
  auto health_of_quota = spawn(health, std::vector<health_check>{}, options);
  auto told = [&] { return ask<health_report>(health_of_quota, check_atom::value); };
  BOOST_TEST(told()->value->ok);
  BOOST_TEST(told()->value->json ==
             R"({"ok":true,"checks":[{"service":"Pod quota","total_pods":7,"build_pods":2,)"
             R"("user_pods":5,"quota":6,"ok":false,"_ignore_failure":true}]})");
  usage.now = {1, false, 0};
  advance(59s);
  told();
  BOOST_TEST(usage.asked == 1);
  advance(1s);
  BOOST_TEST(told()->value->json.find(R"("quota":null,"ok":true)") != std::string::npos);
  BOOST_TEST(usage.asked == 2);
  usage.error = make_error(errc::unreachable, "hub is down");
  advance(60s);
  auto lost = told();
  advance(2s);
  BOOST_TEST(lost->value->ok);
  BOOST_TEST(lost->value->json.find(R"("total_pods":null,"build_pods":null,"user_pods":null,)"
                                    R"("quota":null,"ok":false)") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
