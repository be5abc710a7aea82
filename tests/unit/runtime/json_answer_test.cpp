#include "runtime/providers/json_answer.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "resolution_steps.hpp"
#include "runtime/providers/modified_date.hpp"

using namespace bindery;
using namespace bindery::steps;
using nlohmann::json;

BOOST_AUTO_TEST_SUITE(json_answer_suite)

BOOST_AUTO_TEST_CASE(what_is_no_json) {
  for (const std::string& body :
       {std::string{}, std::string{"<html>busy</html>"}, std::string{"{\"a\": 1"},
        std::string{"\xff"}, std::string{"{\"a\": 1e999}"}, std::string(200'000, '[')}) {
    auto words = failure(read_json(answer(200, body), "data.example"), errc::bad_answer);
    BOOST_TEST(contains(words, "The answer of data.example cannot be read"));
  }
  BOOST_TEST(read_json(answer(200, "[1]"), "data.example")->is_array());
}

BOOST_AUTO_TEST_CASE(members) {
  auto object = json::parse(R"({"text": "x", "null": null, "list": ["text"], "number": 7})");
  BOOST_TEST(*text_member(object, "text") == "x");
  for (auto key : {"null", "list", "number", "absent"})
    BOOST_TEST(text_member(object, key) == nullptr);
  for (auto text : {"null", "[]", "\"text\"", "7"})
    BOOST_TEST(member(json::parse(text), "text") == nullptr);
}

BOOST_AUTO_TEST_CASE(numbers) {
  auto read = [](const std::string& value) {
    return number_member(json::parse("{\"n\": " + value + "}"), "n", 1'000);
  };
  BOOST_TEST(read("0").value() == 0u);
  BOOST_TEST(read("1000").value() == 1'000u);
  for (auto value : {"1001", "-1", "1.5", "1e2", "18446744073709551615", "18446744073709551616",
                     "123456789012345678901234567890", "true", "null", "\"7\"", "[7]", "{}"})
    BOOST_TEST(!read(value), value);
}

BOOST_AUTO_TEST_CASE(dates) {
  BOOST_TEST(read_modified_date("1970-01-01T00:00:00").value() == 0);
  BOOST_TEST(read_modified_date("2024-04-02T02:10:31.123456").value() == 1712023831);
  BOOST_TEST(read_modified_date("2024-04-02T02:10:31Z").value() == 1712023831);
  BOOST_TEST(read_modified_date("2024-04-02T02:10:31.1Z").value() == 1712023831);
  BOOST_TEST(read_modified_date("2024-04-02T02:10:31+05:00").value() == 1712023831);
  BOOST_TEST(read_modified_date("2024-02-29T23:59:59").value() == 1709251199);
  BOOST_TEST(read_modified_date("9999-12-31T23:59:59").value() == 253402300799);
  for (std::string text :
       {"", "2024", "2024-04-02", "2024-04-02 02:10:31", "2024-04-02T02:10", "1969-12-31T23:59:59",
        "2023-02-29T00:00:00", "2024-13-01T00:00:00", "2024-00-01T00:00:00", "2024-01-00T00:00:00",
        "2024-01-01T24:00:00", "2024-01-01T00:60:00", "2024-01-01T00:00:60", "2024-01-01T00:00:000",
        "-024-01-01T00:00:00", "20a4-01-01T00:00:00", "2024-01-01T00:00:00x",
        "2024-01-01T00:00:00.12345678901234567890", "2024-01-01T00:00:00/../x"})
    BOOST_TEST(!read_modified_date(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
