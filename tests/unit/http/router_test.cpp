#include "http/router.hpp"

#include <set>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "http/accept.hpp"
#include "http/assets.hpp"
#include "http/client_address.hpp"
#include "http/target.hpp"
#include "http_world.hpp"
#include "runtime/error.hpp"
#include "runtime/text/escape.hpp"
#include "socket_client.hpp"
#include "temporary_folder.hpp"

using namespace bindery;
using namespace bindery::test;

namespace {

std::shared_ptr<const build_tokens> some_tokens() {
  auto made = build_tokens::make("00ff", {});
  BOOST_REQUIRE(made);
  return std::make_shared<const build_tokens>(std::move(*made));
}

/// A router without sockets.
struct routes {
  explicit routes(std::function<void(site&)> change = {}) {
    place.desk = world.desk;
    place.health = world.health;
    place.providers_json =
        R"([{"displayName":"GitHub","id":"gh"},{"displayName":"Git <any>","id":"git"}])";
    place.versions_json = "{}";
    place.metrics_text = [] { return std::string{}; };
    place.make_launch_id = [] { return std::string(16, 'a'); };
    if (change) change(place);
  }

  http_outcome run(const std::string& method, const std::string& target,
                   const std::string& fields = "", const std::string& peer = "127.0.0.1") {
    auto shared = prepare_site(place);
    BOOST_REQUIRE_MESSAGE(shared, (shared ? "" : describe(shared.error())));
    router one{*shared, http_options{}};
    request_framer framer;
    framer.append(method + " " + target + " HTTP/1.1\r\nHost: hub.example:8080\r\n" + fields +
                  "\r\n");
    auto request = framer.next();
    BOOST_REQUIRE(std::holds_alternative<framed_request>(request));
    return one.handle({1, peer, std::get<framed_request>(request), std::nullopt});
  }

  std::string answer(const std::string& target, const std::string& fields = "",
                     const std::string& method = "GET") {
    auto outcome = run(method, target, fields);
    BOOST_REQUIRE(std::holds_alternative<plain_answer>(outcome));
    return std::get<plain_answer>(outcome).bytes;
  }

  launch_request launch(const std::string& target, const std::string& fields = "",
                        const std::string& peer = "127.0.0.1") {
    auto outcome = run("GET", target, "Accept: text/event-stream\r\n" + fields, peer);
    BOOST_REQUIRE(std::holds_alternative<stream_answer>(outcome));
    return std::get<stream_answer>(outcome).launch;
  }

  http_world world;
  site place;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The build token of a loading page.
std::string token_of(const std::string& page) {
  const std::string mark = "bindery-build-token\" content=\"";
  auto at = page.find(mark);
  BOOST_REQUIRE(at != std::string::npos);
  auto token = page.substr(at + mark.size());
  return token.substr(0, token.find('"'));
}

}  // namespace

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

BOOST_AUTO_TEST_CASE(banned_networks_get_nothing_but_versions_and_health) {
  routes r{[](site& place) {
    place.base_url = "/b/";
    place.ban_networks = {{"192.0.2.0/24", "a cloud"}, {"2001:db8::/32", "a lab"}};
  }};
  auto status = [&](const std::string& path, const std::string& client,
                    const std::string& method = "GET") {
    auto outcome =
        r.run(method, path, "Accept: text/event-stream\r\nX-Forwarded-For: " + client + "\r\n");
    auto* plain = std::get_if<plain_answer>(&outcome);
    return plain ? status_of(plain->bytes) : 200;
  };
  for (std::string client : {"192.0.2.7", "2001:db8::7"}) {
    for (std::string path : {"/b/", "/b/build/gh/a/b/c", "/b/v2/gh/a/b/c", "/b/metrics",
                             "/b/api/repoproviders", "/b/badge.svg", "/b/nowhere", "/versions"})
      BOOST_TEST(status(path, client) == 403, path);
    BOOST_TEST(status("/b/", client, "OPTIONS") == 403);
    for (std::string path : {"/b/versions", "/b/health"})
      BOOST_TEST(status(path, client) == 200, path);
  }
  BOOST_TEST(status("/b/", "198.51.100.1") == 200);
  auto outcome = r.run("GET", "/b/", "", "192.0.2.9");
  BOOST_TEST(
      has(std::get<plain_answer>(outcome).bytes, "Requests from a cloud are not allowed here."));
}

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

/// Path of the loading page's script, whose name changes with its bytes.
std::string script() {
  for (const auto& file : embedded_files())
    if (file.name.starts_with("static/app/launch-")) return std::string{file.name};
  return {};
}

BOOST_AUTO_TEST_CASE(files_are_served_with_type_and_etag_and_only_by_their_own_names) {
  routes r;
  for (auto [path, type] : {std::pair{std::string{"/badge.svg"}, "image/svg+xml"},
                            {"/badge_logo.svg", "image/svg+xml"},
                            {"/assets/images/badge.svg", "image/svg+xml"},
                            {"/logo_social.png", "image/png"},
                            {"/favicon_success.ico", "image/x-icon"},
                            {"/favicon_fail.ico", "image/x-icon"},
                            {"/favicon_building.ico", "image/x-icon"},
                            {"/" + script(), "text/javascript; charset=utf-8"}}) {
    auto answer = r.answer(path);
    BOOST_TEST(status_of(answer) == 200, path);
    BOOST_TEST(field_of(answer, "Content-Type") == type);
    auto again = r.answer(path, "If-None-Match: W/\"x\", " + field_of(answer, "ETag") + "\r\n");
    BOOST_TEST(status_of(again) == 304, path);
    BOOST_TEST(again.substr(again.find("\r\n\r\n") + 4).empty());
  }
  auto png = r.answer("/logo_social.png");
  BOOST_TEST(png.substr(png.find("\r\n\r\n") + 4) ==
             find_embedded_file("root/logo_social.png")->bytes);
  for (std::string bad :
       {"/static/../pages/home.html", "/static/%2e%2e/root/badge.svg", "/static/%252e%252e/x",
        "/pages/home.html", "/root/badge.svg", "/static/", "/static/bindery%2Ecss", "/badge.svg/",
        "/static/bindery.css%00", "/%2e%2e/%2e%2e/etc/passwd"})
    BOOST_TEST(status_of(r.answer(bad)) == 404, bad);
}

BOOST_AUTO_TEST_CASE(files_are_kept_as_long_as_their_address_says) {
  routes r;
  std::string hash{find_embedded_file("static/bindery.css")->hash};
  BOOST_TEST(field_of(r.answer("/static/bindery.css?v=" + hash), "Cache-Control") ==
             "public, max-age=31536000, immutable");
  for (std::string query : {"", "?v=", "?v=0123456789abcdef"})
    BOOST_TEST(field_of(r.answer("/static/bindery.css" + query), "Cache-Control") ==
               "public, max-age=300");
  BOOST_TEST(field_of(r.answer("/" + script()), "Cache-Control") ==
             "public, max-age=31536000, immutable");
  auto date = field_of(r.answer("/badge.svg"), "Last-Modified");
  BOOST_TEST(status_of(r.answer("/badge.svg", "If-Modified-Since: " + date + "\r\n")) == 304);
  for (std::string other : {"Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", ""})
    BOOST_TEST(status_of(r.answer("/badge.svg", "If-Modified-Since: " + other + "\r\n")) == 200);
  // A tag decides alone.
  BOOST_TEST(status_of(r.answer("/badge.svg", "If-None-Match: \"x\"\r\nIf-Modified-Since: " + date +
                                                  "\r\n")) == 200);
  auto head = r.answer("/static/bindery.css", "", "HEAD");
  BOOST_TEST(status_of(head) == 200);
  BOOST_TEST(head.ends_with("\r\n\r\n"));
  BOOST_TEST(field_of(head, "Content-Length") ==
             field_of(r.answer("/static/bindery.css"), "Content-Length"));
}

BOOST_AUTO_TEST_CASE(bodies_are_coded_as_the_client_likes) {
  routes r{[](site& place) {
    place.tokens = some_tokens();
    place.metrics_text = [] { return std::string(5000, 'm'); };
  }};
  std::set<std::string> tags;
  for (auto [accepted, how] : {std::pair{"gzip, deflate, br", "br"},
                               {"gzip", "gzip"},
                               {"identity", ""},
                               {"br;q=0, gzip;q=0", ""}}) {
    auto fields = std::string{"Accept-Encoding: "} + accepted + "\r\n";
    for (std::string path : {std::string{"/static/bindery.css"}, "/" + script(), std::string{"/"},
                             std::string{"/metrics"}}) {
      auto answer = r.answer(path, fields);
      BOOST_TEST(field_of(answer, "Content-Encoding") == how, path);
      BOOST_TEST(field_of(answer, "Vary") == "Accept-Encoding", path);
    }
    auto answer = r.answer("/static/bindery.css", fields);
    auto tag = field_of(answer, "ETag");
    tags.insert(tag);
    BOOST_TEST(status_of(r.answer("/static/bindery.css",
                                  fields + "If-None-Match: " + tag + "\r\n")) == 304);
    // A token beside what the client chose, a picture, little text.
    for (std::string path : {"/v2/gh/a/b/c", "/logo_social.png", "/versions"})
      BOOST_TEST(field_of(r.answer(path, fields), "Content-Encoding").empty(), path);
  }
  BOOST_TEST(tags.size() == 3U);  // one for each form
}

BOOST_AUTO_TEST_CASE(an_operators_folder_is_served_and_nothing_outside_of_it) {
  temporary_folder folder, elsewhere;
  folder.write("logo.svg", "<svg>" + std::string(2000, 'x') + "</svg>");
  folder.write("a b+c%d.txt", "odd");
  folder.write(".secret", "secret");
  folder.write("empty.css", "");
  folder.write("huge.bin", std::string(400'000, 'h'));
  std::filesystem::create_directory(folder.path() + "/sub");
  folder.write("sub/page.html", "<p>sub");
  folder.write("unreadable.txt", "x");
  elsewhere.write("passwd", "secret");
  std::filesystem::create_symlink(elsewhere.path() + "/passwd", folder.path() + "/out.txt");
  std::filesystem::create_directory_symlink(elsewhere.path(), folder.path() + "/away");
  std::filesystem::create_symlink("sub/page.html", folder.path() + "/within.html");
  std::filesystem::create_symlink("loop", folder.path() + "/loop");
  BOOST_REQUIRE(::mkfifo((folder.path() + "/pipe").c_str(), 0600) == 0);
  routes r{[&](site& place) {
    place.base_url = "/b/";
    place.extra_static_path = folder.path();
    place.extra_static_url_prefix = "own";
  }};
  auto logo = r.answer("/b/own/logo.svg");
  BOOST_TEST(status_of(logo) == 200);
  BOOST_TEST(field_of(logo, "Content-Type") == "image/svg+xml");
  BOOST_TEST(field_of(logo, "Cache-Control") == "public, max-age=300");
  BOOST_TEST(field_of(logo, "Content-Length") == "2011");
  auto again = "If-None-Match: " + field_of(logo, "ETag") + "\r\n";
  BOOST_TEST(status_of(r.answer("/b/own/logo.svg", again)) == 304);
  folder.write("logo.svg", "<svg>another</svg>");
  BOOST_TEST(status_of(r.answer("/b/own/logo.svg", again)) == 200);
  BOOST_TEST(
      field_of(r.answer("/b/own/sub/page.html", "Accept-Encoding: gzip\r\n"), "Content-Encoding")
          .empty());
  BOOST_TEST(r.answer("/b/own/a%20b+c%25d.txt").ends_with("odd"));
  BOOST_TEST(r.answer("/b/own/within.html").ends_with("<p>sub"));
  BOOST_TEST(status_of(r.answer("/b/own/empty.css")) == 200);
  auto huge = r.answer("/b/own/huge.bin", "", "HEAD");
  BOOST_TEST(field_of(huge, "Content-Length") == "400000");
  BOOST_TEST(huge.ends_with("\r\n\r\n"));
  for (std::string bad : {"",
                          "sub",
                          "sub/",
                          "nothing",
                          ".secret",
                          "out.txt",
                          "away/passwd",
                          "loop",
                          "pipe",
                          "../own/logo.svg",
                          "%2e%2e/own/logo.svg",
                          "sub/%2e%2e/logo.svg",
                          "sub/..;/logo.svg",
                          "sub/%252e%252e/logo.svg",
                          "..%2flogo.svg",
                          "sub%2fpage.html",
                          "sub%5cpage.html",
                          "sub\\page.html",
                          "//logo.svg",
                          "/logo.svg",
                          "logo.svg/",
                          "logo.svg%00",
                          "logo.svg%0a",
                          "%2fetc%2fpasswd",
                          "/etc/passwd",
                          "%c0%ae%c0%ae/logo.svg",
                          "logo.svg%",
                          "sub//page.html",
                          "....//logo.svg"})
    for (std::string method : {"GET", "HEAD"})
      BOOST_TEST(status_of(r.answer("/b/own/" + bad, "", method)) == 404, bad);
  BOOST_TEST(status_of(r.answer("/b/ownlogo.svg")) == 404);
  BOOST_TEST(status_of(r.answer("/own/logo.svg")) == 404);
  r.place.api_only = true;
  BOOST_TEST(status_of(r.answer("/b/own/logo.svg")) == 404);
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

BOOST_AUTO_TEST_CASE(forwarders_are_believed_only_where_trusted) {
  routes r;
  std::string fields =
      "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.1.2.3\r\nX-Forwarded-Proto: https\r\n";
  auto near = r.launch("/build/gh/a/b/c", fields, "10.0.0.1");
  BOOST_TEST(near.client_ip == "203.0.113.9");
  BOOST_TEST(near.launch_host == "https://hub.example:8080/");
  auto far = r.launch("/build/gh/a/b/c", fields, "198.51.100.1");
  BOOST_TEST(far.client_ip == "198.51.100.1");
  BOOST_TEST(far.launch_host == "http://hub.example:8080/");
  auto real = r.launch("/build/gh/a/b/c", "X-Real-IP: 2001:db8::1\r\nX-Scheme: https\r\n", "::1");
  BOOST_TEST(real.client_ip == "2001:db8::1");
  BOOST_TEST(real.launch_host == "https://hub.example:8080/");
  auto lies = r.launch("/build/gh/a/b/c", "X-Forwarded-For: a%0d%0ab, evil\r\n", "10.0.0.1");
  BOOST_TEST(lies.client_ip == "10.0.0.1");
}

BOOST_AUTO_TEST_CASE(forwarders_may_write_ports_and_brackets) {
  auto client = [](std::string_view forwarded_for, std::string_view real_ip = "") {
    auto trusted = network_range::parse("10.0.0.0/8");
    BOOST_REQUIRE(trusted);
    return client_of("10.0.0.1", {forwarded_for, real_ip, "", ""}, {*trusted}).address;
  };
  BOOST_TEST(client("203.0.113.7:51544") == "203.0.113.7");
  BOOST_TEST(client("[2001:db8::1]:443") == "2001:db8::1");
  BOOST_TEST(client("[::1]") == "::1");
  BOOST_TEST(client("2001:db8::1") == "2001:db8::1");
  BOOST_TEST(client("6.6.6.6, 203.0.113.7:51544, 10.1.2.3:80") == "203.0.113.7");
  BOOST_TEST(client("", "203.0.113.7:51544") == "203.0.113.7");
  BOOST_TEST(client("", "[2001:db8::1]") == "2001:db8::1");
  for (std::string bad : {"203.0.113.7:", "203.0.113.7:x", "203.0.113.7:123456", "[2001:db8::1",
                          "[2001:db8::1]443", "[2001:db8::1]:", "[]", ":80", "host:80"})
    BOOST_TEST(client(bad) == "10.0.0.1", bad);
}

BOOST_AUTO_TEST_CASE(networks_and_hosts_are_read_strictly) {
  auto range = network_range::parse("192.0.2.0/25");
  BOOST_REQUIRE(range);
  BOOST_TEST(range->contains("192.0.2.127"));
  BOOST_TEST(!range->contains("192.0.2.128"));
  BOOST_TEST(!range->contains("nonsense"));
  BOOST_TEST(network_range::parse("2001:db8::/32")->contains("2001:db8:ffff::1"));
  BOOST_TEST(!network_range::parse("::/0")->contains(""));
  for (std::string bad :
       {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::/129", "x/8", "10.0.0.0/8 "})
    BOOST_TEST(!network_range::parse(bad), bad);
  for (std::string good : {"a", "a.example:80", "[::1]:8080", "[2001:db8::1]", "127.0.0.1:65535"})
    BOOST_TEST(is_valid_host(good), good);
  for (std::string bad :
       {"", ":80", "a b", "a/b", "a:b", "a:", "[::1", "[x]:1", "a@b", "a\r\nb", "a:123456", "a?b"})
    BOOST_TEST(!is_valid_host(bad), bad);
  // Found by fuzzing: an address is not read up to a NUL only.
  BOOST_TEST(!is_valid_host(std::string{"[::1\0 x]:80", 11}));
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

BOOST_AUTO_TEST_SUITE_END()
