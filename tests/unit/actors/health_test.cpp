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

BOOST_AUTO_TEST_SUITE_END()
