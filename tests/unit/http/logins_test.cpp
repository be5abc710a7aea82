#include "http/logins.hpp"

#include <boost/test/unit_test.hpp>

#include "http/cookies.hpp"
#include "runtime/error.hpp"

using namespace bindery;
using namespace std::chrono_literals;

namespace {

const auto now = std::chrono::system_clock::time_point{} + 1'000'000s;

login_site some_site() {
  login_site place;
  place.client = {"service-binder", "s3cret", "http://b.example/binder/oauth_callback",
                  "https://hub.example/hub/api/oauth2/authorize", "http://hub/hub/api"};
  place.base_url = "/binder/";
  place.access_scopes = {"access:services!service=binder"};
  place.hub_logout_url = "https://hub.example/hub/logout";
  place.secret = "00ff";
  return place;
}

logins make(login_site place = some_site()) {
  auto made = logins::make(std::move(place));
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : describe(made.error())));
  return std::move(*made);
}

/// What a browser sends back for `Set-Cookie` values.
std::string jar(const std::vector<std::string>& set_cookies) {
  std::string field;
  for (const auto& text : set_cookies)
    field += (field.empty() ? "" : "; ") + text.substr(0, text.find(';'));
  return field;
}

std::string state_of(const logins::beginning& way) {
  return way.location.substr(way.location.rfind("state=") + 6);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

errc code_for(const std::function<void(login_site&)>& change) {
  auto place = some_site();
  change(place);
  auto made = logins::make(place);
  return made ? errc::none : code_of(made.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(logins_suite)

BOOST_AUTO_TEST_CASE(cookies_are_read_as_browsers_send_them) {
  auto cookies = read_cookies("a=1; b=\"2\";c=;  d = 4 ; nothing; a=5=6");
  BOOST_REQUIRE(cookies.size() == 5U);
  BOOST_TEST((cookies[0].first == "a" && cookies[0].second == "1"));
  BOOST_TEST((cookies[1].second == "2"));
  BOOST_TEST((cookies[2].second.empty()));
  BOOST_TEST((cookies[3].first == "d" && cookies[3].second == "4"));
  BOOST_TEST((cookies[4].first == "a" && cookies[4].second == "5=6"));
  BOOST_TEST(read_cookies("").empty());
  BOOST_TEST(read_cookies(";;;=;").size() == 1U);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "x=y;";
  BOOST_TEST(read_cookies(many).size() == 100U);
}

BOOST_AUTO_TEST_CASE(a_login_leads_to_the_hub_and_back_to_its_page) {
  auto who_may = make();
  auto way = who_may.begin("/binder/v2/gh/a/b/HEAD?urlpath=%2Flab", "", false, now);
  BOOST_TEST(way.location.find("https://hub.example/hub/api/oauth2/authorize?client_id="
                               "service-binder&redirect_uri=http%3A%2F%2Fb.example%2Fbinder%2F"
                               "oauth_callback&response_type=code&state=") == 0U);
  BOOST_REQUIRE(way.cookies.size() == 1U);
  const auto& cookie = way.cookies[0];
  BOOST_TEST(cookie.find("service-binder-oauth-state-" + state_of(way).substr(0, 8) + "=") == 0U);
  BOOST_TEST(has(cookie, "; Path=/binder/; Max-Age=600; SameSite=Lax; HttpOnly"));
  BOOST_TEST(!has(cookie, "Secure"));
  BOOST_TEST(!has(cookie, state_of(way)));
  auto next = who_may.next(state_of(way), jar(way.cookies), now + 600s);
  BOOST_REQUIRE(next);
  BOOST_TEST(*next == "/binder/v2/gh/a/b/HEAD?urlpath=%2Flab");
  BOOST_TEST(make().next(state_of(way), jar(way.cookies), now).has_value());  // another node
}

BOOST_AUTO_TEST_CASE(a_state_is_good_for_its_own_browser_for_ten_minutes) {
  auto who_may = make();
  auto way = who_may.begin("/binder/", "", false, now);
  auto other = who_may.begin("/binder/", "", false, now);
  BOOST_TEST(!who_may.next(state_of(way), jar(way.cookies), now + 601s));
  BOOST_TEST(!who_may.next(state_of(way), "", now));
  BOOST_TEST(!who_may.next(state_of(way), jar(other.cookies), now));
  BOOST_TEST(!who_may.next("", jar(way.cookies), now));
  BOOST_TEST(!who_may.next(std::string(100'000, 'a'), jar(way.cookies), now));
  // The cookie's name tells a part of the state only: the rest must be right too.
  auto forged = state_of(way);
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  BOOST_TEST(!who_may.next(forged, jar(way.cookies), now));
  // One state's sealed text under another's name.
  auto stolen = jar(other.cookies);
  stolen = jar(way.cookies).substr(0, jar(way.cookies).find('=')) + stolen.substr(stolen.find('='));
  BOOST_TEST(!who_may.next(state_of(way), stolen, now));
  auto foreign = some_site();
  foreign.secret = "11";
  BOOST_TEST(!make(foreign).next(state_of(way), jar(way.cookies), now));
}

BOOST_AUTO_TEST_CASE(logins_in_two_tabs_do_not_disturb_each_other_but_are_bounded) {
  auto who_may = make();
  auto first = who_may.begin("/binder/a", "", false, now);
  auto second = who_may.begin("/binder/b", jar(first.cookies), false, now);
  auto both = jar(first.cookies) + "; " + jar(second.cookies);
  BOOST_TEST(*who_may.next(state_of(first), both, now) == "/binder/a");
  BOOST_TEST(*who_may.next(state_of(second), both, now) == "/binder/b");
  for (int i = 0; i < 2; ++i)
    both += "; " + jar(who_may.begin("/binder/", both, false, now).cookies);
  auto fifth = who_may.begin("/binder/", both, false, now);
  BOOST_REQUIRE(fifth.cookies.size() == 2U);
  auto oldest = jar(first.cookies);
  BOOST_TEST(fifth.cookies[0].starts_with(oldest.substr(0, oldest.find('=')) +
                                          "=; Path=/binder/; Max-Age=0;"));
  BOOST_TEST(
      fifth.cookies[1].starts_with("service-binder-oauth-state-" + state_of(fifth).substr(0, 8)));
  for (int i = 0; i < 2; ++i)
    both += "; service-binder-oauth-state-more" + std::to_string(i) + "=x";
  BOOST_TEST(who_may.begin("/binder/", both, false, now).cookies.size() == 4U);  // so it stays 4
}

BOOST_AUTO_TEST_CASE(a_callback_outside_the_base_gets_the_state) {
  auto place = some_site();
  place.client.redirect_uri = "http://b.example/oauth_callback";
  auto who_may = make(place);
  auto way = who_may.begin("/binder/a", "", false, now);
  BOOST_TEST(has(way.cookies[0], "; Path=/; Max-Age=600; "));
  auto finished = who_may.session_cookies("t", jar(way.cookies), false, now);
  BOOST_REQUIRE(finished.size() == 3U);
  BOOST_TEST(has(finished[0], "=; Path=/; Max-Age=0; "));
  BOOST_TEST(has(finished[1], "; Path=/binder/; "));  // the session is for our pages alone
}

BOOST_AUTO_TEST_CASE(nothing_leads_to_another_site) {
  for (const std::string& evil : {std::string{"//evil.example/"}, std::string{"/\\evil.example"},
                                  std::string{"https://evil.example"}, std::string{"/\tevil"},
                                  std::string{"/a\r\nSet-Cookie: x=y"}, std::string{"/a b"},
                                  std::string{"/a\\b"}, std::string{""}, std::string{"\xff"},
                                  std::string{"javascript:alert(1)"}, "/" + std::string(5000, 'a')})
    BOOST_TEST(safe_next(evil, "/") == "/", evil);
  BOOST_TEST(safe_next("/v2/gh/a/b/HEAD?x=//y", "/") == "/v2/gh/a/b/HEAD?x=//y");
  BOOST_TEST(safe_next("/", "/") == "/");
  BOOST_TEST(safe_next("/other/page", "/binder/") == "/binder/");
  auto who_may = make();
  auto way = who_may.begin("//evil.example/", "", false, now);
  BOOST_TEST(*who_may.next(state_of(way), jar(way.cookies), now) == "/binder/");
}

BOOST_AUTO_TEST_CASE(a_session_is_sealed_hidden_from_scripts_and_ends) {
  auto who_may = make();
  auto cookies = who_may.session_cookies("t0ken", "", false, now);
  BOOST_REQUIRE(cookies.size() == 2U);
  BOOST_TEST(cookies[0].find("service-binder=") == 0U);
  BOOST_TEST(has(cookies[0], "; Path=/binder/; Max-Age=1209600; SameSite=Lax; HttpOnly"));
  BOOST_TEST(!has(cookies[0], "t0ken"));
  BOOST_TEST((who_may.token_in(jar(cookies), now + 1s) == "t0ken"));
  BOOST_TEST((make().token_in("x=y; service-binder=junk; " + jar(cookies), now) == "t0ken"));
  BOOST_TEST(!who_may.token_in(jar(cookies), now + 15 * 24h));
  BOOST_TEST(!who_may.token_in("service-binder=t0ken", now));
  auto over = who_may.no_session_cookies(jar(cookies), false);
  BOOST_REQUIRE(over.size() == 2U);
  for (const auto& cookie : over) BOOST_TEST(has(cookie, "=; Path=/binder/; Max-Age=0; "));
}

BOOST_AUTO_TEST_CASE(cookies_are_for_https_alone_where_the_site_has_it) {
  auto who_may = make();
  BOOST_TEST(has(who_may.begin("/binder/", "", true, now).cookies[0], "; Secure"));
  BOOST_TEST(has(who_may.session_cookies("t", "", true, now)[0], "; Secure"));
  BOOST_TEST(!has(who_may.session_cookies("t", "", false, now)[0], "; Secure"));
  auto place = some_site();
  place.client.redirect_uri = "https://b.example/binder/oauth_callback";
  BOOST_TEST(has(make(place).session_cookies("t", "", false, now)[0], "; Secure"));
}

BOOST_AUTO_TEST_CASE(the_pages_proof_belongs_to_one_login) {
  auto who_may = make();
  BOOST_TEST(who_may.xsrf_for("a") == make().xsrf_for("a"));
  BOOST_TEST(who_may.xsrf_for("a") != who_may.xsrf_for("b"));
  auto cookie = who_may.xsrf_cookie("a", "", false);
  BOOST_TEST(cookie.find("_xsrf=" + who_may.xsrf_for("a") + ";") == 0U);
  BOOST_TEST(!has(cookie, "HttpOnly"));
  BOOST_TEST(who_may.xsrf_cookie("a", "_xsrf=the-hubs; " + jar({cookie}), false).empty());
  BOOST_TEST(!who_may.xsrf_cookie("b", jar({cookie}), false).empty());
}

BOOST_AUTO_TEST_CASE(tokens_come_in_the_authorization_field) {
  for (const auto* field : {"token abc", "Bearer abc", "bearer  abc", "TOKEN abc"})
    BOOST_TEST(token_in_authorization(field) == "abc", field);
  for (const auto* field : {"", "abc", "Basic abc", "token", "tokenabc"})
    BOOST_TEST(token_in_authorization(field).empty(), field);
}

BOOST_AUTO_TEST_CASE(only_what_a_person_does_by_a_link_needs_no_proof) {
  BOOST_TEST(!needs_xsrf("GET", "", ""));
  BOOST_TEST(!needs_xsrf("GET", "navigate", "cross-site"));
  BOOST_TEST(!needs_xsrf("HEAD", "no-cors", "same-origin"));
  BOOST_TEST(needs_xsrf("GET", "no-cors", "cross-site"));
  BOOST_TEST(needs_xsrf("GET", "cors", "same-origin"));
  BOOST_TEST(needs_xsrf("GET", "same-origin", "same-origin"));
  BOOST_TEST(needs_xsrf("POST", "navigate", "same-origin"));
  BOOST_TEST(needs_xsrf("POST", "", ""));
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_work_are_refused) {
  BOOST_TEST((code_for([](login_site&) {}) == errc::none));
  BOOST_TEST((code_for([](login_site& p) { p.client.client_id = ""; }) == errc::bad_settings));
  BOOST_TEST((code_for([](login_site& p) { p.client.client_id = "a b"; }) == errc::bad_settings));
  BOOST_TEST((code_for([](login_site& p) { p.access_scopes.clear(); }) == errc::bad_settings));
  BOOST_TEST((code_for([](login_site& p) { p.base_url = "/a;b/"; }) == errc::bad_settings));
  for (const auto* uri : {"oauth_callback", "https://b.example/%zz", "https://b.example/../x"})
    BOOST_TEST(
        (code_for([&](login_site& p) { p.client.redirect_uri = uri; }) == errc::bad_settings), uri);
  auto path_of = [](const std::string& uri) {
    auto place = some_site();
    place.client.redirect_uri = uri;
    return make(place).callback_path();
  };
  BOOST_TEST(path_of("https://b.example/cb?x=1") == "/cb");
  BOOST_TEST(path_of("https://b.example") == "/");
  BOOST_TEST(path_of("/services/b/oauth_callback") == "/services/b/oauth_callback");
  BOOST_TEST(path_of("") == "/binder/oauth_callback");
}

BOOST_AUTO_TEST_SUITE_END()
