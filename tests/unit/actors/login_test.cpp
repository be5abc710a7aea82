#include "actors/login.hpp"

#include <chrono>
#include <string>

#include "tests/unit/actors/scripted_http_fixture.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

struct login_fixture : scripted_upstream {
  explicit login_fixture(login_options options = {}) {
    options.client = {"service-binder", "s3cret", "/oauth_callback", "http://hub/authorize",
                      "http://hub/hub/api"};
    logins = spawn(login, client, options);
  }

  auto identify(const std::string& token, const std::string& session = {}) {
    return ask<hub_identity>(logins, check_atom::value, token, session);
  }
  auto finish(const std::string& code) { return ask<hub_login>(logins, create_atom::value, code); }

  login_actor logins;
};

struct small_fixture : login_fixture {
  static login_options small() {
    login_options options;
    options.cache_size = 2;
    options.most_questions = 2;
    return options;
  }
  small_fixture() : login_fixture(small()) {}
};

http_response alice() {
  return answer_of(200, R"({"kind": "user", "name": "alice", "scopes": ["access:services"]})");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(login_suite)

BOOST_FIXTURE_TEST_CASE(the_hub_says_whose_token_it_is, login_fixture) {
  http->say({alice()});
  auto who = identify("abc");
  BOOST_REQUIRE(who->value.has_value());
  BOOST_TEST(who->value->name == "alice");
  BOOST_TEST(http->line(0) == "GET http://hub/hub/api/user");
  BOOST_TEST(find_header(http->requests[0].headers, "Authorization") == "token abc");
}

BOOST_FIXTURE_TEST_CASE(its_word_is_believed_for_a_while, login_fixture) {
  http->say({alice()});
  identify("abc");
  advance(299s);
  BOOST_TEST(identify("abc")->value.has_value());
  BOOST_TEST(http->requests.size() == 1U);
  advance(2s);
  http->say({answer_of(403)});
  BOOST_TEST((identify("abc")->code() == errc::forbidden));
  BOOST_TEST(http->requests.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_refusal_is_believed_for_a_shorter_while, login_fixture) {
  http->say({answer_of(403), alice()});
  BOOST_TEST((identify("abc")->code() == errc::forbidden));
  advance(29s);
  BOOST_TEST((identify("abc")->code() == errc::forbidden));
  BOOST_TEST(http->requests.size() == 1U);
  advance(2s);
  BOOST_TEST(identify("abc")->value.has_value());
}

BOOST_FIXTURE_TEST_CASE(another_session_at_the_hub_is_another_question, login_fixture) {
  http->say({alice(), answer_of(403)});
  BOOST_TEST(identify("abc", "first")->value.has_value());
  BOOST_TEST((identify("abc", "second")->code() == errc::forbidden));
}

BOOST_FIXTURE_TEST_CASE(a_fault_of_the_hub_is_no_verdict, login_fixture) {
  http->say({answer_of(500)});
  auto who = identify("abc");
  advance(3s);
  BOOST_TEST((who->code() == errc::upstream_error));
  BOOST_TEST(http->requests.size() == 3U);
  http->say({alice()});
  BOOST_TEST(identify("abc")->value.has_value());
}

BOOST_FIXTURE_TEST_CASE(a_silent_hub_is_told_within_the_time_that_a_browser_waits, login_fixture) {
  auto who = identify("abc");
  advance(18s);
  BOOST_TEST((who->code() == errc::timeout));
}

BOOST_FIXTURE_TEST_CASE(hostile_answers_name_nobody, login_fixture) {
  for (const auto* body : {"", "null", "[1]", "{\"name\": {}}", "{\"name\": \"a\\u0001\"}"}) {
    http->say({answer_of(200, body)});
    BOOST_TEST((identify("abc")->code() == errc::bad_answer), body);
  }
}

BOOST_FIXTURE_TEST_CASE(what_is_no_token_is_not_shown_to_the_hub, login_fixture) {
  for (const std::string& bad : {std::string{}, std::string{"a b"}, std::string{"a\r\nX: y"},
                                 std::string{"\xc3\xa9"}, std::string(2000, 'a')})
    BOOST_TEST((identify(bad)->code() == errc::forbidden));
  BOOST_TEST(http->requests.empty());
}

BOOST_FIXTURE_TEST_CASE(many_askers_share_one_question, login_fixture) {
  auto first = identify("abc");
  auto second = identify("abc");
  BOOST_TEST(http->requests.size() == 1U);
  advance(18s);
  BOOST_TEST(first->done());
  BOOST_TEST(second->done());
}

BOOST_FIXTURE_TEST_CASE(tokens_and_questions_are_bounded, small_fixture) {
  http->say({alice()});
  for (const auto* token : {"a", "b", "c"}) identify(token);
  auto& state = state_of<login_state, login_actor::base>(logins);
  BOOST_TEST(state.known.size() == 2U);
  http->say({answer_of(403)});
  for (const auto* token : {"x", "y", "z"}) identify(token);
  BOOST_TEST(state.refused.size() == 2U);
  BOOST_TEST(state.known.size() == 2U);
  http->on_fetch = {};
  identify("d");
  identify("e");
  BOOST_TEST((identify("f")->code() == errc::too_many_requests));
  BOOST_TEST((finish("code")->code() == errc::too_many_requests));
  advance(18s);
  http->say({alice()});
  BOOST_TEST(identify("f")->value.has_value());
}

BOOST_FIXTURE_TEST_CASE(a_code_is_traded_for_a_login, login_fixture) {
  http->say({answer_of(200, R"({"access_token": "tok"})"), alice()});
  auto login = finish("c0de");
  BOOST_REQUIRE(login->value.has_value());
  BOOST_TEST(login->value->token == "tok");
  BOOST_TEST(login->value->who.name == "alice");
  BOOST_TEST(http->line(0) == "POST http://hub/hub/api/oauth2/token");
  BOOST_TEST(find_header(http->requests[1].headers, "Authorization") == "token tok");
}

BOOST_FIXTURE_TEST_CASE(a_used_code_is_refused_and_not_sent_again, login_fixture) {
  http->say({answer_of(400, R"({"error": "invalid_grant"})")});
  auto login = finish("c0de");
  BOOST_TEST((login->code() == errc::forbidden));
  BOOST_TEST(login->words().find("invalid_grant") != std::string::npos);
  BOOST_TEST(http->requests.size() == 1U);
  http->say({answer_of(502)});
  BOOST_TEST((finish("c0de")->code() == errc::upstream_error));
  BOOST_TEST(http->requests.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_logged_out_token_is_asked_about_anew, login_fixture) {
  http->say({alice(), answer_of(403)});
  identify("abc");
  tell(logins, delete_atom::value, std::string{"abc"});
  BOOST_TEST((identify("abc")->code() == errc::forbidden));
}

BOOST_FIXTURE_TEST_CASE(an_answer_that_was_asked_for_before_a_logout_is_not_kept, login_fixture) {
  auto before = identify("abc");  // the hub is silent
  auto other = identify("another");
  tell(logins, delete_atom::value, std::string{"abc"});
  http->say({alice()});
  advance(6s);
  BOOST_TEST(before->value.has_value());
  BOOST_TEST(other->value.has_value());
  http->say({answer_of(403)});
  BOOST_TEST((identify("abc")->code() == errc::forbidden));
  BOOST_TEST(identify("another")->value.has_value());
}

BOOST_FIXTURE_TEST_CASE(who_asks_after_a_logout_gets_no_answer_from_before, login_fixture) {
  auto before = identify("abc");
  tell(logins, delete_atom::value, std::string{"abc"});
  http->say({answer_of(403)});
  BOOST_TEST((identify("abc")->code() == errc::forbidden));
  BOOST_TEST(http->requests.size() == 2U);
  BOOST_TEST(!before->done());
  // Nor does the late answer to the first question replace what is known by then.
  http->say({alice()});
  advance(6s);
  BOOST_TEST(before->value.has_value());
  BOOST_TEST((identify("abc")->code() == errc::forbidden));
}

BOOST_FIXTURE_TEST_CASE(askers_of_an_actor_that_ends_are_told, login_fixture) {
  auto who = identify("abc");
  auto login = finish("c0de");
  end(logins);
  BOOST_TEST(who->done());
  BOOST_TEST(login->done());
  advance(20s);
}

BOOST_AUTO_TEST_SUITE_END()
