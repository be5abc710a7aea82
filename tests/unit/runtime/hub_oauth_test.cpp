#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"
#include "runtime/hub/oauth.hpp"

using namespace bindery;

namespace {

const oauth_client client{"service-binder", "s3cr3t &", "https://b.example/oauth_callback",
                          "https://hub.example/hub/api/oauth2/authorize",
                          "http://hub:8081/hub/api"};

http_response answer(int32_t status, std::string body) {
  http_response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

errc code_for(int32_t status, const std::string& body) {
  auto token = read_token(answer(status, body));
  return token ? errc::none : code_of(token.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hub_oauth_suite)

BOOST_AUTO_TEST_CASE(browsers_are_sent_to_the_hub_with_the_state) {
  BOOST_TEST(authorization_address(client, "st&te") ==
             "https://hub.example/hub/api/oauth2/authorize?client_id=service-binder&redirect_uri="
             "https%3A%2F%2Fb.example%2Foauth_callback&response_type=code&state=st%26te");
}

BOOST_AUTO_TEST_CASE(a_code_is_traded_in_the_body_never_in_the_url) {
  auto request = token_request(client, "c=de&x");
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.url == "http://hub:8081/hub/api/oauth2/token");
  BOOST_TEST(request.body ==
             "client_id=service-binder&client_secret=s3cr3t%20%26&grant_type=authorization_code&"
             "code=c%3Dde%26x&redirect_uri=https%3A%2F%2Fb.example%2Foauth_callback");
  BOOST_TEST(request.max_redirects == 0U);
  auto who = identity_request(client, "t");
  BOOST_TEST(who.url == "http://hub:8081/hub/api/user");
  BOOST_TEST(find_header(who.headers, "Authorization") == "token t");
}

BOOST_AUTO_TEST_CASE(a_token_is_read) {
  auto token = read_token(answer(200, R"({"access_token": "abc", "token_type": "Bearer"})"));
  BOOST_REQUIRE(token);
  BOOST_TEST(*token == "abc");
}

BOOST_AUTO_TEST_CASE(refusals_say_who_has_to_act) {
  BOOST_TEST((code_for(400, R"({"error": "invalid_grant"})") == errc::forbidden));
  auto foreign = read_token(answer(401, R"({"error": "invalid_client"})"));
  BOOST_TEST((code_of(foreign.error()) == errc::upstream_error));
  BOOST_TEST(describe(foreign.error()).find("oauth_client_id") != std::string::npos);
  BOOST_TEST((code_for(500, "") == errc::upstream_error));
  BOOST_TEST((code_for(302, R"({"access_token": "abc"})") == errc::upstream_error));
}

BOOST_AUTO_TEST_CASE(hostile_answers_hold_no_token) {
  for (const std::string& body :
       {std::string{}, std::string{"[]"}, std::string{"<html>"}, std::string{"{}"},
        std::string{R"({"access_token": 7})"}, std::string{R"({"access_token": ""})"},
        std::string{R"({"access_token": "a\r\nSet-Cookie: x"})"},
        std::string{R"({"access_token": "a b"})"}, std::string{R"({"access_token": "\u00e9"})"},
        "{\"access_token\": \"" + std::string(2000, 'a') + "\"}"})
    BOOST_TEST((code_for(200, body) == errc::bad_answer), body);
}

BOOST_AUTO_TEST_SUITE_END()
