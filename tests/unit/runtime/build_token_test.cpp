#include "runtime/token/build_token.hpp"

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"

using namespace bindery;
using namespace std::chrono_literals;

namespace {

const std::string key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const std::string audience = "gh/user/repo/HEAD";
const std::string origin = "binder.example.org";

build_tokens make(const std::string& secret = key, build_token_options options = {}) {
  auto made = build_tokens::make(secret, options);
  BOOST_REQUIRE(made);
  return std::move(*made);
}

std::string fresh(const build_tokens& tokens) {
  return tokens.issue(audience, origin, std::chrono::system_clock::now());
}

std::string refusal(const caf::error& why) {
  BOOST_TEST((code_of(why) == errc::forbidden));
  return describe(why);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(build_token_suite)

BOOST_AUTO_TEST_CASE(a_token_is_good_for_its_link_and_origin_on_every_node_with_the_key) {
  auto token = fresh(make());
  BOOST_TEST(!make().check(token, audience, origin));
  BOOST_TEST(
      refusal(make().check(token, "gh/user/other/HEAD", origin)).find("another repository") !=
      std::string::npos);
  BOOST_TEST(refusal(make().check(token, audience, "evil.example")).find("another site") !=
             std::string::npos);
  BOOST_TEST(!make(key, {300s, false}).check(token, audience, "anything"));
}

BOOST_AUTO_TEST_CASE(a_token_of_another_key_is_none_of_ours) {
  BOOST_TEST(refusal(make("ff").check(fresh(make()), audience, origin)).find("not one of ours") !=
             std::string::npos);
  auto random = make("");
  BOOST_TEST(!random.check(fresh(random), audience, origin));
  BOOST_TEST(!!make("").check(fresh(random), audience, origin));
}

BOOST_AUTO_TEST_CASE(an_expired_token_says_so) {
  auto tokens = make();
  auto old = tokens.issue(audience, origin, std::chrono::system_clock::now() - 301s);
  BOOST_TEST(refusal(tokens.check(old, audience, origin)).find("has expired") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_token_that_ends_before_all_times_is_not_one_that_never_ends) {
  auto tokens = make();
  auto older = tokens.issue(audience, origin, std::chrono::system_clock::time_point{} - 1h);
  BOOST_TEST(!refusal(tokens.check(older, audience, origin)).empty());
}

BOOST_AUTO_TEST_CASE(hostile_tokens_are_refused_whatever_they_are) {
  auto tokens = make();
  auto good = fresh(tokens);
  auto first = good.find('.');
  auto second = good.find('.', first + 1);
  auto payload = good.substr(first, second - first);
  // {"alg":"none","typ":"JWT"}, {"alg":"none"}, {"alg":"RS256","typ":"JWT"}
  const std::string none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
  const std::string rsa = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";
  std::string cut = good.substr(0, good.size() - 1);
  for (const std::string& bad :
       {std::string{}, std::string{"."}, std::string{".."}, std::string{"a.b.c"},
        std::string{"\0\xff..", 4}, std::string(9'000, 'a'), std::string(9'000, '.'),
        none + payload + ".", none + payload + good.substr(second),
        rsa + payload + good.substr(second), good + "x", good + ".x", cut, good.substr(0, second),
        good.substr(0, second) + ".", "e30" + good.substr(first),
        good.substr(0, first) + ".e30" + good.substr(second),
        good.substr(0, first) + ".W10" + good.substr(second)})
    BOOST_TEST(!!tokens.check(bad, audience, origin), bad.substr(0, 60));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_hex_stops_the_start) {
  for (const char* bad : {"0", "zz", "00 1", "0x00"}) {
    auto made = build_tokens::make(bad, {});
    BOOST_REQUIRE(!made);
    BOOST_TEST((code_of(made.error()) == errc::bad_settings));
    BOOST_TEST(describe(made.error()).find("build_token_secret") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
