#include "actors/rate_limit.hpp"

#include <chrono>
#include <string>

#include "tests/unit/actors/virtual_time.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

struct rate_limit_fixture : virtual_time {
  explicit rate_limit_fixture(size_t max_windows = 1000) {
    rate_limit_options options;
    options.limit = 3;
    options.period = 100s;
    options.clean = 10s;
    options.max_windows = max_windows;
    options.now = [] { return std::chrono::system_clock::time_point{5'000'000s}; };
    actor = spawn(rate_limit, options);
  }

  rate_count count(const std::string& address) {
    return *ask<rate_count>(actor, count_atom::value, address)->value;
  }
  bool admits(const std::string& address) { return count(address).admitted; }
  size_t kept() { return state_of<rate_limit_state, rate_limit_actor::base>(actor).windows.size(); }

  rate_limit_actor actor;
};

struct small_fixture : rate_limit_fixture {
  small_fixture() : rate_limit_fixture(2) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rate_limit_in_virtual_time, rate_limit_fixture)

BOOST_AUTO_TEST_CASE(each_client_has_so_many_launches_in_a_window) {
  for (uint32_t left : {2u, 1u, 0u}) {
    auto counted = count("192.0.2.1");
    BOOST_TEST(counted.admitted);
    BOOST_TEST(counted.limit == 3u);
    BOOST_TEST(counted.remaining == left);
    BOOST_TEST(counted.reset == 5'000'100);
  }
  advance(40s);
  auto over = count("192.0.2.1");
  BOOST_TEST(!over.admitted);
  BOOST_TEST(over.remaining == 0u);
  BOOST_TEST(over.seconds_left == 60);
  BOOST_TEST(over.reset == 5'000'100);
  BOOST_TEST(admits("192.0.2.2"));
}

BOOST_AUTO_TEST_CASE(a_window_begins_with_the_first_launch_and_does_not_slide) {
  for (int i = 0; i < 3; ++i) BOOST_TEST(admits("192.0.2.1"));
  advance(100s - 1ms);
  auto over = count("192.0.2.1");
  BOOST_TEST(!over.admitted);
  BOOST_TEST(over.seconds_left == 1);
  advance(1ms);
  for (int i = 0; i < 3; ++i) BOOST_TEST(admits("192.0.2.1"));
  BOOST_TEST(!admits("192.0.2.1"));
}

BOOST_AUTO_TEST_CASE(ipv6_clients_are_counted_by_their_network) {
  BOOST_TEST(admits("2001:db8:1:2::1"));
  BOOST_TEST(admits("2001:db8:1:2:ffff::9"));
  BOOST_TEST(admits("2001:0DB8:0001:0002::"));
  BOOST_TEST(!admits("2001:db8:1:2:3:4:5:6"));
  BOOST_TEST(admits("2001:db8:1:3::1"));
}

BOOST_AUTO_TEST_CASE(what_is_over_is_forgotten_and_then_no_timer_runs) {
  for (int i = 0; i < 50; ++i) count("192.0.2." + std::to_string(i));
  BOOST_TEST(kept() == 50u);
  advance(99s);
  BOOST_TEST(kept() == 50u);
  advance(11s);
  BOOST_TEST(kept() == 0u);
  BOOST_TEST(!scheduler->clock().has_pending_timeout());
  BOOST_TEST(admits("192.0.2.1"));
}

BOOST_FIXTURE_TEST_CASE(memory_is_bounded_and_the_oldest_goes_first, small_fixture) {
  for (int i = 0; i < 3; ++i) count("192.0.2.1");
  advance(1s);
  count("192.0.2.2");
  BOOST_TEST(!admits("192.0.2.1"));
  count("192.0.2.3");
  BOOST_TEST(kept() == 2u);
  BOOST_TEST(count("192.0.2.2").remaining == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
