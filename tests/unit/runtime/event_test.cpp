#include "runtime/launch/event.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace bindery;

BOOST_AUTO_TEST_SUITE(event)

BOOST_AUTO_TEST_CASE(message_ends_in_one_line_break) {
  auto plain = nlohmann::json::parse(make_event(phase::launching, "Launching server...").json);
  BOOST_TEST(plain["message"].get<std::string>() == "Launching server...\n");
  auto broken = nlohmann::json::parse(make_event(phase::launching, "done\n").json);
  BOOST_TEST(broken["message"].get<std::string>() == "done\n");
}

BOOST_AUTO_TEST_CASE(invalid_utf8_is_replaced_and_stays_one_line) {
  auto event = make_event(phase::unknown, "a\xff\nb\r");
  BOOST_TEST(event.json.find('\n') == std::string::npos);
  BOOST_CHECK_NO_THROW(nlohmann::json::parse(event.json));
}

BOOST_AUTO_TEST_CASE(failure_carries_status_only_where_given) {
  BOOST_TEST(nlohmann::json::parse(make_failure("no", 404).json)["status_code"].get<int>() == 404);
  BOOST_TEST(!nlohmann::json::parse(make_failure("no", 0).json).contains("status_code"));
}

BOOST_AUTO_TEST_CASE(phases_round_trip_and_strange_words_are_unknown) {
  for (int i = 0; i <= static_cast<int>(phase::unknown); ++i)
    BOOST_CHECK(phase_from(to_string(static_cast<phase>(i))) == static_cast<phase>(i));
  BOOST_CHECK(phase_from("failure") == phase::unknown);
}

BOOST_AUTO_TEST_SUITE_END()
