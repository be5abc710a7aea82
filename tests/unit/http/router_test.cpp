#include <boost/test/unit_test.hpp>

#include "http/accept.hpp"
#include "http/target.hpp"
#include "router_world.hpp"
#include "socket_client.hpp"
using namespace bindery;
using namespace bindery::test;

BOOST_AUTO_TEST_SUITE(router_suite)

BOOST_AUTO_TEST_CASE(a_fault_of_ours_tells_nothing_of_itself) {
  routes r{[](site& place) {
    place.metrics_text = []() -> std::string { throw std::runtime_error{"s3cret fault"}; };
  }};
  auto answer = r.answer("/metrics");
  BOOST_TEST(status_of(answer) == 500);
  BOOST_TEST(has(answer, "This request hit a fault of ours."));
  BOOST_TEST(!has(answer, "s3cret"));
  BOOST_TEST(!has(answer, "EXCEPTION"));
}

BOOST_AUTO_TEST_CASE(an_origin_that_is_no_host_counts_as_none) {
  routes r{[](site& place) { place.tokens = some_tokens(); }};
  for (std::string origin : {"https://\xff", "https://a b", "https://", "null"})
    BOOST_TEST(status_of(r.answer("/v2/gh/a/b/HEAD", "Origin: " + origin + "\r\n")) == 200, origin);
}

BOOST_AUTO_TEST_CASE(the_spec_is_taken_as_sent) {
  routes r;
  auto launch =
      r.launch("/build/git/https%3A%2F%2Fhost%2Frepo/HEAD?x=1", "Origin: https://page.example\r\n");
  BOOST_TEST(launch.provider == "git");
  BOOST_TEST(launch.spec == "https%3A%2F%2Fhost%2Frepo/HEAD");
  BOOST_TEST(launch.launch_host == "http://hub.example:8080/");
  BOOST_TEST(launch.origin == "hub.example:8080");
  BOOST_TEST(launch.request_origin == "https://page.example");
  BOOST_TEST(launch.launch_id == std::string(16, 'a'));
  BOOST_TEST(status_of(r.answer("/build/gh")) == 404);
  BOOST_TEST(status_of(r.answer("/build/gh/")) == 404);
  auto nothing = r.run("GET", "/build/gh//");
  BOOST_REQUIRE(std::holds_alternative<failure_answer>(nothing));
  BOOST_TEST(has(std::get<failure_answer>(nothing).failure.json, "\"status_code\":400"));
  BOOST_TEST(status_of(r.answer("/build//x")) == 404);
  BOOST_TEST(status_of(r.answer("/build/gh/a/b/c", "", "HEAD")) == 405);
}

BOOST_AUTO_TEST_CASE(slashes_at_a_links_end_are_passed_over_once_its_token_is_checked) {
  routes r{[](site& place) { place.tokens = some_tokens(); }};
  for (std::string link : {"gh/a/b/HEAD/", "gh/a/b/HEAD//", "git/https%3A%2F%2Fh%2Fr%2F/HEAD/"}) {
    auto token = token_of(r.answer("/v2/" + link));
    auto launch = r.launch("/build/" + link + "?build_token=" + token);
    BOOST_TEST(launch.spec ==
               link.substr(link.find('/') + 1, link.find("HEAD") + 3 - link.find('/')));
    BOOST_TEST(launch.with_build_token);
  }
}

BOOST_AUTO_TEST_CASE(everything_lives_under_the_base_url) {
  routes r{[](site& place) { place.base_url = "/some/hub/"; }};
  BOOST_TEST(r.launch("/some/hub/build/gh/a/b/c").launch_host ==
             "http://hub.example:8080/some/hub/");
  BOOST_TEST(status_of(r.answer("/some/hub/versions")) == 200);
  BOOST_TEST(status_of(r.answer("/versions")) == 404);
  BOOST_TEST(status_of(r.answer("/some/hubversions")) == 404);
  BOOST_TEST(has(r.answer("/some/hub/"), "/some/hub/static/app/home-"));
  BOOST_TEST(field_of(r.answer("/some/hub?a=b"), "Location") == "/some/hub/?a=b");
  BOOST_TEST(status_of(r.answer("/some/hu")) == 404);
  for (std::string page : {"/some/hub/", "/some/hub/about", "/some/hub/v2/gh/a/b/c", "/nowhere"}) {
    auto html = r.answer(page);
    for (std::string attribute : {"href=\"/", "src=\"/"})
      for (size_t at = 0; (at = html.find(attribute, at)) != std::string::npos; ++at)
        BOOST_TEST(html.substr(at + attribute.size() - 1, 10) == "/some/hub/", page);
  }
  BOOST_TEST(field_of(r.answer("/some/hub/repo/u/r"), "Location") == "/some/hub/v2/gh/u/r/master");
}

BOOST_AUTO_TEST_CASE(servers_are_told_the_base_of_badges_and_logs_stay_with_us) {
  routes r{[](site& place) { place.base_url = "/b/"; }};
  auto told = [&](const std::string& badge_base_url) {
    r.place.badge_base_url = badge_base_url;
    auto launch = r.launch("/b/build/gh/a/b/c");
    BOOST_TEST(launch.own_url == "http://hub.example:8080/b/");
    return launch.launch_host;
  };
  BOOST_TEST(told("") == "http://hub.example:8080/b/");
  BOOST_TEST(told("https://binder.example/") == "https://binder.example/");
  BOOST_TEST(told("/badges/") == "http://hub.example:8080/badges/");
  BOOST_TEST(told("//binder.example/") == "http://binder.example/");
}

BOOST_AUTO_TEST_CASE(old_links_are_redirected) {
  routes r;
  auto answer = r.answer("/repo/u/r/tree/a%20b.ipynb");
  BOOST_TEST(status_of(answer) == 302);
  BOOST_TEST(field_of(answer, "Location") == "/v2/gh/u/r/master?urlpath=%2Ftree%2Fa+b.ipynb");
  for (std::string nothing : {"", "/", "//"})
    BOOST_TEST(field_of(r.answer("/repo/u/r" + nothing), "Location") == "/v2/gh/u/r/master");
  BOOST_TEST(field_of(r.answer("/repo/u/r?labpath=a%2Fb"), "Location") ==
             "/v2/gh/u/r/master?labpath=a%2Fb");
  BOOST_TEST(field_of(r.answer("/repo/u/r/x?y=1"), "Location") ==
             "/v2/gh/u/r/master?urlpath=%2Fx&y=1");
  for (std::string bad : {"/repo/u", "/repo//r", "/repo/u/%0d%0aX:y", "/repo/../r",
                          "/repo/u/%2e%2E", "/repo/u/r/%zz"})
    BOOST_TEST(status_of(r.answer(bad)) == 404, bad);
}

BOOST_AUTO_TEST_CASE(programs_get_their_answers) {
  routes r;
  for (std::string path : {"/versions", "/api/repoproviders", "/_config"})
    BOOST_TEST(field_of(r.answer(path), "Content-Type") == "application/json; charset=utf-8");
  BOOST_TEST(field_of(r.answer("/versions"), "Access-Control-Allow-Origin") == "*");
  BOOST_TEST(field_of(r.answer("/_config"), "Access-Control-Allow-Origin").empty());
  BOOST_TEST(std::holds_alternative<health_answer>(r.run("HEAD", "/health")));
  BOOST_TEST(status_of(r.answer("/versions", "", "DELETE")) == 405);
  routes open{[](site& place) { place.cors_allow_origin = "https://a.example"; }};
  for (std::string path : {"/versions", "/", "/nowhere"}) {
    auto answer = open.answer(path, "", "OPTIONS");
    BOOST_TEST(status_of(answer) == 200);
    BOOST_TEST(field_of(answer, "Access-Control-Allow-Origin") == "https://a.example");
    BOOST_TEST(field_of(answer, "Access-Control-Allow-Headers") == "cache-control, last-event-id");
  }
}

BOOST_AUTO_TEST_CASE(api_only_serves_no_pages_and_builds_without_launching) {
  routes r{[](site& place) { place.api_only = true; }};
  for (std::string path : {"/", "/v2/gh/a/b/c", "/repo/u/r", "/_config", "/badge.svg"})
    BOOST_TEST(status_of(r.answer(path)) == 404, path);
  auto told = r.answer("/v2/gh/a/b/c");
  BOOST_TEST(field_of(told, "Content-Type") == "application/json; charset=utf-8");
  BOOST_TEST(has(told, "API-only mode (enable_api_only_mode) is on"));
  BOOST_TEST(has(told, "/build, /build-log, /health, /versions, /metrics and /api/repoproviders"));
  for (std::string path : {"/versions", "/metrics", "/api/repoproviders"})
    BOOST_TEST(status_of(r.answer(path)) == 200, path);
  BOOST_TEST(r.launch("/build/gh/a/b/c?build_only=True").build_only);
  BOOST_TEST(!r.launch("/build/gh/a/b/c?build_only=1").build_only);
}

BOOST_AUTO_TEST_CASE(only_builds_may_be_required) {
  routes r{[](site& place) { place.api_only = place.require_build_only = true; }};
  BOOST_TEST(r.launch("/build/gh/a/b/c?build_only=true").build_only);
  auto outcome = r.run("GET", "/build/gh/a/b/c", "Accept: text/event-stream\r\n");
  BOOST_REQUIRE(std::holds_alternative<failure_answer>(outcome));
  BOOST_TEST(has(std::get<failure_answer>(outcome).failure.json, "\"status_code\":400"));
}

BOOST_AUTO_TEST_CASE(the_event_log_names_the_normalized_origin_where_there_is_one) {
  routes r{[](site& place) { place.normalized_origin = "binder.example"; }};
  auto launch = r.launch("/build/gh/a/b/c", "Origin: https://page.example\r\n");
  BOOST_TEST(launch.origin == "binder.example");
  BOOST_TEST(launch.request_origin == "https://page.example");
}

BOOST_AUTO_TEST_CASE(accept_must_name_event_streams) {
  for (std::string good : {"text/event-stream", "text/event-stream, */*", "Text/Event-Stream;q=0.1",
                           "text/html, text/event-stream ; charset=utf-8"})
    BOOST_TEST(names_event_stream(good), good);
  for (std::string bad : {"", "*/*", "text/*", "text/html", "text/event-stream;q=0",
                          "text/event-stream; Q=0.000", "text/event-streams"})
    BOOST_TEST(!names_event_stream(bad), bad);
  for (std::string good :
       {"text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "TEXT/HTML ; q=0.5, text/plain;q=0.5", "text/plain;q=0.1, text/html;q=0.2",
        "text/html;q=0.3, text/*;q=0.3, */*;q=1"})
    BOOST_TEST(prefers_html(good), good);
  for (std::string bad : {"", "*/*", "text/*", "text/plain", "text/html;q=0", "text/html;q=x",
                          "text/html;q=0.5, text/plain", "text/htmlx",
                          "text/html;q=0.2, text/*;q=0.3", "text/html;q=0.8, */*"})
    BOOST_TEST(!prefers_html(bad), bad);
  routes strict;
  auto accepted = [&](const std::string& fields) {
    return std::holds_alternative<stream_answer>(strict.run("GET", "/build/gh/a/b/c", fields));
  };
  BOOST_TEST(accepted("Accept: */*\r\nAccept: text/event-stream\r\n"));
  BOOST_TEST(!accepted("Accept: */*\r\nAccept: text/html\r\n"));
  BOOST_TEST(accepted("Accept: text/event-stream, x/" + std::string(9000, 'y') + "\r\n"));
  routes any{[](site& place) { place.allow_any_accept = true; }};
  BOOST_TEST(std::holds_alternative<stream_answer>(any.run("GET", "/build/gh/a/b/c")));
}

BOOST_AUTO_TEST_CASE(escapes_are_whole_or_refused) {
  BOOST_TEST((unescaped("a%2Fb+c") == "a/b+c"));
  for (std::string bad : {"%", "%2", "%zz", "a%f"}) BOOST_TEST(!unescaped(bad), bad);
  BOOST_TEST((query_value("a=1&b%5Bc=x+y%2B", "b[c") == "x y+"));
  BOOST_TEST(!query_value("a=1", "b"));
  BOOST_TEST(is_safe_path("/a/..b/%2Fc"));
  for (std::string bad : {"/a/../b", "/%2e%2e", "/a/.", "/%0a", "/%00", "/%7f", "/%"})
    BOOST_TEST(!is_safe_path(bad), bad);
}

BOOST_AUTO_TEST_CASE(a_site_that_cannot_be_served_is_refused) {
  routes r;
  auto refused = [&](std::function<void(site&)> change) {
    auto place = r.place;
    change(place);
    auto result = prepare_site(place);
    return !result && code_of(result.error()) == errc::bad_settings;
  };
  BOOST_TEST(!refused([](site&) {}));
  for (std::string bad : {"", "x", "/x", "x/", "/a b/", "//x/", "/a?/", "/\"/"})
    BOOST_TEST(refused([&](site& place) { place.base_url = bad; }), bad);
  BOOST_TEST(refused([](site& place) { place.cors_allow_origin = "a\r\nb: c"; }));
  BOOST_TEST(refused([](site& place) { place.ban_networks = {{"192.0.2.0/33", "x"}}; }));
  BOOST_TEST(refused([](site& place) { place.trusted_proxies = {"10.0.0.0/99"}; }));
  for (std::string bad : {"/a/../b/", "/%2e/", "/a\\/"})
    BOOST_TEST(refused([&](site& place) { place.base_url = bad; }), bad);
  for (std::string bad : {"Content-Length", "transfer-encoding", "connection", "a b", "", "a:"})
    BOOST_TEST(refused([&](site& place) { place.headers = {{bad, "x"}}; }), bad);
  for (std::string bad : {"a\r\nSet-Cookie: b", "a\nb", "\x01", "\xff"})
    BOOST_TEST(refused([&](site& place) { place.headers = {{"X-A", bad}}; }), bad);
  BOOST_TEST(refused([](site& place) { place.extra_static_path = "/nowhere"; }));
  BOOST_TEST(refused([](site& place) { place.extra_static_path = "/etc/passwd"; }));
  for (std::string bad : {"/a b/", "/../", "/a?b", "/%41/"})
    BOOST_TEST(refused([&](site& place) {
                 place.extra_static_path = "/tmp";
                 place.extra_static_url_prefix = bad;
               }),
               bad);
  BOOST_TEST(refused([](site& place) { place.template_path = "/nowhere"; }));
  BOOST_TEST(refused([](site& place) { place.providers_json = "{}"; }));
  BOOST_TEST(refused([](site& place) { place.providers_json = "[{}]"; }));
  BOOST_TEST(refused([](site& place) { place.versions_json = "{"; }));
}

BOOST_AUTO_TEST_SUITE_END()
