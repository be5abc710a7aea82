#include <set>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "http/assets.hpp"
#include "router_world.hpp"
#include "socket_client.hpp"
#include "temporary_folder.hpp"
using namespace bindery;
using namespace bindery::test;

namespace {

/// Path of the loading page's script, whose name changes with its bytes.
std::string script() {
  for (const auto& file : embedded_files())
    if (file.name.starts_with("static/app/launch-")) return std::string{file.name};
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(static_files)

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

BOOST_AUTO_TEST_SUITE_END()
