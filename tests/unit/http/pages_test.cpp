#include <boost/test/unit_test.hpp>

#include "http/assets.hpp"
#include "router_world.hpp"
#include "runtime/text/escape.hpp"
#include "socket_client.hpp"
using namespace bindery;
using namespace bindery::test;

BOOST_AUTO_TEST_SUITE(pages)

BOOST_AUTO_TEST_CASE(pages_hold_nothing_unescaped_and_load_nothing_foreign) {
  routes r;
  auto page = r.answer("/v2/git/https%3A%2F%2Fh%2F%3Cscript%3E%22/HEAD");
  BOOST_TEST(status_of(page) == 200);
  BOOST_TEST(has(page,
                 "<meta property=\"og:title\" content=\"Git &lt;any&gt;: "
                 "https://h/&lt;script&gt;&quot;/HEAD\">"));
  BOOST_TEST(has(page,
                 "content=\"http://hub.example:8080/v2/git/https%3A%2F%2Fh%2F%3Cscript%3E%22/"
                 "HEAD\""));
  BOOST_TEST(
      has(page, "content=\"Open https://h/&lt;script&gt;&quot;/HEAD from Git &lt;any&gt; in a"));
  BOOST_TEST(!has(page, "<script>"));
  BOOST_TEST(!has(page, "{{"));
  // Bytes that are no text are shown as they were sent.
  BOOST_TEST(has(r.answer("/v2/gh/a/b/%ff"), "content=\"GitHub: a/b/%ff\""));
  BOOST_TEST(has(field_of(page, "Content-Security-Policy"), "script-src 'self'"));
  BOOST_TEST(has(field_of(page, "Content-Security-Policy"), "script-src 'self';"));
  BOOST_TEST(field_of(page, "X-Content-Type-Options") == "nosniff");
  BOOST_TEST(!field_of(page, "Referrer-Policy").empty());
  BOOST_TEST(status_of(r.answer("/v2/nope/a/b/c")) == 404);
  BOOST_TEST(status_of(r.answer("/v2/gh")) == 404);
  auto missing = r.answer("/nowhere");
  BOOST_TEST(status_of(missing) == 404);
  BOOST_TEST(has(field_of(missing, "Content-Type"), "text/html"));
  BOOST_TEST(!has(r.answer("/"), "{{"));
}

BOOST_AUTO_TEST_CASE(scripts_of_ours_make_styles_only_where_pages_need_it) {
  routes r;
  auto policy_of = [&](const std::string& path) {
    return field_of(r.answer(path), "Content-Security-Policy");
  };
  auto strict = policy_of("/about");
  BOOST_TEST(!has(strict, "unsafe"));
  for (std::string path : {"/nowhere", "/badge.svg", "/versions", "/metrics"})
    BOOST_TEST(policy_of(path) == strict, path);
  for (std::string path : {"/", "/v2/gh/a/b/c"}) {
    auto policy = policy_of(path);
    auto styles = policy.find(" 'unsafe-inline'");
    BOOST_REQUIRE_MESSAGE(styles != std::string::npos, policy);
    BOOST_TEST(policy.substr(0, styles).ends_with("style-src 'self'"), policy);
    BOOST_TEST(policy.erase(styles, std::string{" 'unsafe-inline'"}.size()) == strict, path);
  }
  r.place.banner_message = "<b>Hello</b>";  // has styles everywhere
  BOOST_TEST(policy_of("/") == policy_of("/about"));
}

BOOST_AUTO_TEST_CASE(marks_of_direction_in_a_link_turn_nothing_around) {
  routes all;
  for (std::string mark : {"%E2%80%AE", "%E2%81%A6", "%D8%9C"}) {
    auto page = std::get<plain_answer>(all.run("GET", "/v2/gh/user/repo/x" + mark + "y")).bytes;
    auto bytes = percent_unescape(mark);
    BOOST_REQUIRE(bytes);
    BOOST_TEST(page.find("x" + *bytes + "y") == std::string::npos, mark);
    BOOST_TEST(page.find("GitHub: user/repo/x" + mark + "y") != std::string::npos, page);
  }
  auto arabic = std::get<plain_answer>(all.run("GET", "/v2/gh/user/repo/%D9%85")).bytes;
  BOOST_TEST(arabic.find("GitHub: user/repo/\u0645") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_loading_pages_token_opens_its_own_link_only) {
  routes all{[](site& place) { place.tokens = some_tokens(); }};
  auto page = std::get<plain_answer>(all.run("GET", "/v2/gh/user/repo/HEAD")).bytes;
  auto token = token_of(page);
  BOOST_TEST(field_of(page, "Cache-Control") == "no-store");
  const std::string accept = "Accept: text/event-stream\r\n";
  auto launched = all.run("GET", "/build/gh/user/repo/HEAD?build_token=" + token, accept);
  BOOST_REQUIRE(std::holds_alternative<stream_answer>(launched));
  BOOST_TEST(std::get<stream_answer>(launched).launch.with_build_token);
  BOOST_TEST(!std::get<stream_answer>(launched).counted);

  auto other = all.run("GET", "/build/gh/user/other/HEAD?build_token=" + token, accept);
  BOOST_REQUIRE(std::holds_alternative<failure_answer>(other));
  BOOST_TEST(std::get<failure_answer>(other).failure.json.find("403") != std::string::npos);
  auto foreign = all.run("GET", "/build/gh/user/repo/HEAD?build_token=" + token,
                         accept + "Origin: https://evil.example\r\n");
  BOOST_TEST(std::holds_alternative<failure_answer>(foreign));
  auto forged = all.run("GET", "/build/gh/user/repo/HEAD?build_token=x%0d%0a.y.z", accept);
  BOOST_TEST(std::holds_alternative<failure_answer>(forged));
  // One that joins again may come late, but must not begin anything.
  auto late = all.run("GET", "/build/gh/user/repo/HEAD?build_token=a.b.c",
                      accept + "Last-Event-ID: aaaaaaaaaaaaaaa1.3\r\n");
  BOOST_REQUIRE(std::holds_alternative<stream_answer>(late));
  BOOST_TEST(!std::get<stream_answer>(late).launch.with_build_token);
  BOOST_TEST(std::get<stream_answer>(late).counted);
  BOOST_REQUIRE(std::get<stream_answer>(late).refusal);
  BOOST_TEST(has(std::get<stream_answer>(late).refusal->json, "\"status_code\":403"));
  for (std::string none : {"", "?build_token=", "?build_token"}) {
    auto without = all.run("GET", "/build/gh/user/repo/HEAD" + none, accept);
    BOOST_REQUIRE(std::holds_alternative<stream_answer>(without));
    BOOST_TEST(!std::get<stream_answer>(without).launch.with_build_token);
    BOOST_TEST(std::get<stream_answer>(without).counted);
  }
}

BOOST_AUTO_TEST_CASE(configured_fields_are_on_every_answer) {
  routes r{[](site& place) {
    place.headers = {{"x-frame-options", "DENY"},
                     {"content-security-policy", "default-src https:"},
                     {"cache-control", "private"},
                     {"Access-Control-Allow-Origin", "https://from.headers"}};
  }};
  for (std::string path : {"/", "/about", "/nowhere", "/versions", "/badge.svg", "/metrics",
                           "/v2/gh/a/b/c", "/repo/u/r"}) {
    auto answer = r.answer(path);
    BOOST_TEST(field_of(answer, "X-Frame-Options") == "DENY", path);
    BOOST_TEST(field_of(answer, "Content-Security-Policy") == "default-src https:", path);
    BOOST_TEST(!has(answer, "default-src 'none'"), path);
    BOOST_TEST(field_of(answer, "Access-Control-Allow-Origin") == "https://from.headers", path);
    BOOST_TEST(field_of(answer, "Access-Control-Allow-Headers") == "cache-control", path);
  }
  auto health = std::get<health_answer>(r.run("GET", "/health")).fields;
  BOOST_TEST(has(health, "x-frame-options: DENY\r\n"));
  BOOST_TEST(!has(health, "private"));
  auto stream =
      std::get<stream_answer>(r.run("GET", "/build/gh/a/b/c", "Accept: text/event-stream\r\n"))
          .head;
  BOOST_TEST(has(stream, "x-frame-options: DENY\r\n"));
  BOOST_TEST(has(stream, "cache-control: no-cache\r\n"));
  BOOST_TEST(!has(stream, "private"));
  r.place.cors_allow_origin = "*";  // wins, as upstream has it
  for (std::string path : {"/", "/versions"})
    BOOST_TEST(field_of(r.answer(path), "Access-Control-Allow-Origin") == "*");
}

BOOST_AUTO_TEST_SUITE_END()
