#include "runtime/launch/pre_launch.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

using namespace bindery;

namespace {

caf::error judged(int32_t status, std::string body = {}) {
  http_response answer;
  answer.status = status;
  answer.body = std::move(body);
  return judge_pre_launch(answer);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pre_launch_checks)

BOOST_AUTO_TEST_CASE(any_2xx_lets_go_on) {
  for (auto body : {"", "OK", "[]", "{}", "null", R"({"allow": true})", R"({"message": "hi"})"})
    BOOST_TEST(!judged(200, body), body);
  BOOST_TEST(!judged(204));
}

BOOST_AUTO_TEST_CASE(a_no_comes_with_its_words) {
  for (auto [status, body] : {std::pair{200, R"({"allow": false, "message": "Not\ntoday"})"},
                              std::pair{403, R"({"message": "Not\ntoday"})"}}) {
    auto why = judged(status, body);
    BOOST_CHECK(code_of(why) == errc::forbidden);
    BOOST_TEST(describe(why) == "Not today");
  }
  for (auto body : {"", "<html>", R"({"message": 3})"})
    BOOST_TEST(describe(judged(404, body)).find("does not allow") != std::string::npos);
  BOOST_TEST(describe(judged(400, R"({"message": ")" + std::string(5'000, 'x') + "\"}")).size() <
             400u);
}

BOOST_AUTO_TEST_CASE(whatever_is_no_answer_lets_nobody_in) {
  for (auto status : {100, 301, 500, 503, 0}) {
    auto why = judged(status);
    BOOST_CHECK(code_of(why) == errc::upstream_error);
    BOOST_TEST(describe(why).find("Bindery.pre_launch_url") != std::string::npos);
    BOOST_TEST(describe_for_clients(why).find("Bindery.") == std::string::npos);
    BOOST_TEST(describe_for_clients(why).find("tell the operator") != std::string::npos);
  }
  BOOST_CHECK(code_of(judged(200, R"({"allow": "no"})")) == errc::bad_answer);
}

BOOST_AUTO_TEST_SUITE_END()
