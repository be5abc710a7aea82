#include "actors/launch_quota.hpp"

#include <chrono>
#include <string>
#include <vector>

#include "tests/unit/actors/virtual_time.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

/// A hub whose servers are as the test says; it answers at once, or when told to.
struct hub_script {
  hub_server_list servers;
  caf::error error;
  bool silent = false;
  int asked = 0;
  std::vector<caf::response_promise> unanswered;
};

server_lister_actor::behavior_type scripted_hub(server_lister_actor::pointer self,
                                                hub_script* script) {
  return {[self, script](list_atom) -> caf::result<hub_server_list> {
    ++script->asked;
    if (script->silent) {
      script->unanswered.push_back(self->make_response_promise());
      return caf::delegated<hub_server_list>{};
    }
    if (script->error) return script->error;
    return script->servers;
  }};
}

struct quota_fixture : virtual_time {
  ~quota_fixture() { end_all(); }

  void start(std::optional<uint32_t> total) {
    launch_quota_options options;
    options.total_quota = total;
    quota = spawn(launch_quota, options, spawn(scripted_hub, &hub));
  }

  void runs(const std::string& user, const std::string& image) {
    hub.servers.servers.push_back({user + "/", image});
  }

  static quota_claim claim(const std::string& user, uint32_t repo_quota = 0,
                           const std::string& image = "registry:5000/a:1") {
    return {image, "https://example.org/a", repo_quota, {user + "/", user + "-again/"}};
  }

  /// What a launch is answered that asks for a place; it lives on, as a supervisor does, until
  /// `end`.
  struct launch {
    caf::actor actor;
    std::shared_ptr<asked<void>> answer;
    bool let_in() const { return answer->value.has_value(); }
  };

  launch reserve(quota_claim claim) {
    auto made = ask_for_place(std::move(claim));
    drain();
    return made;
  }

  launch ask_for_place(quota_claim claim) {
    auto answer = std::make_shared<asked<void>>();
    auto actor = spawn([answer, to = quota, claim](caf::event_based_actor* self) -> caf::behavior {
      self->request(to, caf::infinite, reserve_atom::value, claim)
          .then([answer] { answer->value = caf::unit; },
                [answer](const caf::error& why) { answer->error = why; });
      return {[](int) {}};
    });
    return {actor, answer};
  }

  auto check(quota_claim claim) { return ask<void>(quota, check_atom::value, claim); }

  hub_script hub;
  launch_quota_actor quota;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(launch_quota_in_virtual_time, quota_fixture)

BOOST_AUTO_TEST_CASE(without_a_quota_nobody_is_counted) {
  start({});
  for (int i = 0; i < 20; ++i) BOOST_TEST(reserve(claim("u" + std::to_string(i))).let_in());
  BOOST_TEST(hub.asked == 0);
}

BOOST_AUTO_TEST_CASE(a_full_hub_lets_nobody_in_in_upstreams_words) {
  runs("x", "other:1");
  runs("y", "other:1");
  start(2);
  auto refused = reserve(claim("u"));
  BOOST_CHECK(refused.answer->code() == errc::pod_quota);
  BOOST_TEST(refused.answer->words() == "Too many users on this BinderHub! Try again soon.");
}

BOOST_AUTO_TEST_CASE(a_quota_of_zero_is_maintenance) {
  start(0);
  BOOST_CHECK(check(claim("u"))->code() == errc::pod_quota);
}

BOOST_AUTO_TEST_CASE(servers_of_a_repository_are_counted_by_image_without_tag) {
  runs("x", "registry:5000/a:0");
  runs("y", "registry:5000/a:1");
  runs("z", "registry:5000/ab:1");
  runs("w", "");
  start({});
  BOOST_TEST(check(claim("u", 3))->value.has_value());
  auto refused = check(claim("u", 2));
  BOOST_CHECK(refused->code() == errc::repo_quota);
  BOOST_TEST(refused->words() == "Too many users running https://example.org/a! Try again soon.");
}

BOOST_AUTO_TEST_CASE(the_quota_of_all_is_looked_at_first) {
  runs("x", "registry:5000/a:0");
  start(1);
  BOOST_CHECK(check(claim("u", 1))->code() == errc::pod_quota);
}

BOOST_AUTO_TEST_CASE(fifty_launches_at_once_cannot_pass_a_quota_of_ten) {
  start(10);
  std::vector<launch> all;
  for (int i = 0; i < 50; ++i) all.push_back(ask_for_place(claim("u" + std::to_string(i))));
  drain();
  auto let_in = 0;
  for (const auto& one : all) {
    BOOST_TEST(one.answer->done());
    if (one.let_in()) ++let_in;
  }
  BOOST_TEST(let_in == 10);
  BOOST_TEST(hub.asked == 1);
}

BOOST_AUTO_TEST_CASE(a_launch_whose_server_is_in_the_list_is_counted_once) {
  start(2);
  auto first = reserve(claim("u"));
  runs("u-again", "registry:5000/a:1");  // its second attempt
  advance(6s);
  BOOST_TEST(reserve(claim("v")).let_in());
  BOOST_TEST(!reserve(claim("w")).let_in());
}

BOOST_AUTO_TEST_CASE(a_place_is_held_until_a_list_shows_what_became_of_it) {
  start(1);
  auto first = reserve(claim("u"));
  BOOST_TEST(first.let_in());
  advance(10s);
  end(first.actor);  // ready: from now on its server is in the list
  BOOST_TEST(!reserve(claim("v")).let_in());
  runs("u", "registry:5000/a:1");
  advance(10s);
  BOOST_TEST(!reserve(claim("v")).let_in());
  hub.servers.servers.clear();  // it was stopped
  advance(10s);
  BOOST_TEST(reserve(claim("v")).let_in());
}

BOOST_AUTO_TEST_CASE(a_launch_that_ended_without_a_server_gives_its_place_back) {
  start(1);
  auto first = reserve(claim("u"));
  advance(3s);
  end(first.actor, caf::exit_reason::kill);
  advance(1s);
  BOOST_TEST(reserve(claim("v")).let_in());
}

BOOST_AUTO_TEST_CASE(asking_again_keeps_one_place) {
  start(1);
  auto answers = std::make_shared<int>(0);
  auto asker = spawn([answers, to = quota](caf::event_based_actor* self) -> caf::behavior {
    return {[=](int) {
      self->request(to, caf::infinite, reserve_atom::value, claim("u")).then([answers] {
        ++*answers;
      });
    }};
  });
  for (int i = 0; i < 3; ++i) tell(asker, i);
  BOOST_TEST(*answers == 3);
  BOOST_TEST(!reserve(claim("v")).let_in());
}

BOOST_AUTO_TEST_CASE(one_list_serves_many_launches) {
  start(1000);
  for (int i = 0; i < 100; ++i) BOOST_TEST(reserve(claim("u" + std::to_string(i))).let_in());
  BOOST_TEST(hub.asked == 1);
  advance(4'999ms);
  BOOST_TEST(reserve(claim("v")).let_in());
  BOOST_TEST(hub.asked == 1);
  advance(1ms);
  BOOST_TEST(reserve(claim("w")).let_in());
  BOOST_TEST(hub.asked == 2);
}

BOOST_AUTO_TEST_CASE(nobody_is_refused_by_an_old_list) {
  runs("x", "other:1");
  start(1);
  BOOST_TEST(!reserve(claim("u")).let_in());
  hub.servers.servers.clear();
  advance(999ms);
  BOOST_TEST(!reserve(claim("u")).let_in());
  BOOST_TEST(hub.asked == 1);
  advance(1ms);
  BOOST_TEST(reserve(claim("u")).let_in());
  BOOST_TEST(hub.asked == 2);
}

BOOST_AUTO_TEST_CASE(checks_hold_no_place) {
  start(1);
  for (int i = 0; i < 5; ++i) BOOST_TEST(check(claim("u"))->value.has_value());
  BOOST_TEST(reserve(claim("v")).let_in());
}

BOOST_AUTO_TEST_CASE(a_hub_that_cannot_be_asked_lets_nobody_in_and_says_why) {
  hub.error = make_error(errc::unreachable, "GET http://hub: connection refused");
  start(5);
  auto refused = reserve(claim("u"));
  BOOST_CHECK(refused.answer->code() == errc::unreachable);
  BOOST_TEST(refused.answer->words().find("connection refused") != std::string::npos);
  BOOST_TEST(refused.answer->words().find("quota") != std::string::npos);
  hub.error = {};
  BOOST_TEST(reserve(claim("u")).let_in());
}

BOOST_AUTO_TEST_CASE(usage_counts_places_too) {
  runs("x", "other:1");
  start(7);
  reserve(claim("u"));
  auto told = ask<server_usage>(quota, count_atom::value);
  BOOST_TEST(told->value->servers == 2u);
  BOOST_TEST(told->value->limited);
  BOOST_TEST(told->value->total_quota == 7u);
}

BOOST_AUTO_TEST_CASE(its_end_answers_every_asker) {
  hub.silent = true;
  start(5);
  auto waiting = check(claim("u"));
  end(quota);
  BOOST_CHECK(waiting->code() == errc::shutting_down);
}

BOOST_AUTO_TEST_CASE(tags_are_told_from_ports) {
  BOOST_TEST(image_without_tag("registry:5000/a/b:tag") == "registry:5000/a/b");
  BOOST_TEST(image_without_tag("registry:5000/a") == "registry:5000/a");
  BOOST_TEST(image_without_tag("a:tag") == "a");
  BOOST_TEST(image_without_tag("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
