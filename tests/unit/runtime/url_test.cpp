#include "runtime/net/url.hpp"

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"

using namespace bindery;

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(escapes_bytes_and_keeps_what_it_is_told_to) {
  BOOST_TEST(percent_escape("a b/ü@~.-_") == "a%20b%2F%C3%BC%40~.-_");
  BOOST_TEST(percent_escape("a/b@c", "/@") == "a/b@c");
  BOOST_TEST(percent_escape(std::string_view{"\0\xff", 2}) == "%00%FF");
}

BOOST_AUTO_TEST_CASE(shown_urls_have_no_secrets) {
  BOOST_TEST(shown_url("https://user:pw@host:8443/a/b?token=s3cret#f") == "https://host:8443/a/b");
  BOOST_TEST(shown_url("https://host/users/a@b/server") == "https://host/users/a@b/server");
  BOOST_TEST(shown_url("https://user:p/w@host/a") == "https://host/a");
  BOOST_TEST(shown_url("https://user:p@w@host/a") == "https://host/a");
  BOOST_TEST(shown_url("http://[::1]:80/a") == "http://[::1]:80/a");
  BOOST_TEST(shown_url("user:pw@host/a") == "host/a");
  BOOST_TEST(shown_url("") == "");
}

BOOST_AUTO_TEST_CASE(shown_urls_are_one_bounded_line) {
  BOOST_TEST(shown_url("http://h/a\r\nlog line") == "http://h/a??log line");
  BOOST_TEST(shown_url("http://h/" + std::string(10'000, 'a')).size() < 400u);
  // Found by fuzzing: bytes that are no UTF-8, and a cut within a character.
  BOOST_TEST(shown_url("http://h/\xff\xfe") == "http://h/??");
  for (size_t more = 0; more < 4; ++more) {
    std::string text = "http://h/" + std::string(more, 'a');
    for (int i = 0; i < 200; ++i) text += "\xe2\x82\xac";
    BOOST_TEST(is_utf8(shown_url(text)));
  }
  BOOST_TEST(shown_url("http://h/\xc3\xa9") == "http://h/\xc3\xa9");
}

BOOST_AUTO_TEST_CASE(locations_resolve_as_browsers_do) {
  BOOST_TEST(*resolve_location("http://h:1/a/b?q", "c?d") == "http://h:1/a/c?d");
  BOOST_TEST(*resolve_location("http://h:1/a/b", "/x") == "http://h:1/x");
  BOOST_TEST(*resolve_location("http://h/a", "https://other/x y") == "https://other/x%20y");
  BOOST_TEST(*resolve_location("https://h/a", "//other/x") == "https://other/x");
}

BOOST_AUTO_TEST_CASE(locations_to_other_schemes_or_with_credentials_are_refused) {
  for (auto location : {"file:///etc/passwd", "ftp://h/a", "gopher://h", "ext::sh", "javascript:1",
                        "http://user@h/a", "http://u:p@h/a", "FILE:///etc/passwd"}) {
    auto target = resolve_location("http://h/a", location);
    BOOST_TEST_CONTEXT(location) {
      // Text without `//` is a relative path to some readers; never another scheme.
      if (target)
        BOOST_TEST(target->rfind("http://h/", 0) == 0u);
      else
        BOOST_CHECK(code_of(target.error()) == errc::bad_answer);
    }
  }
  BOOST_TEST(!resolve_location("http://h/a", "file:///etc/passwd"));
}

BOOST_AUTO_TEST_CASE(origins_compare_scheme_host_and_port) {
  BOOST_TEST(same_origin("http://h/a", "http://H:80/b"));
  BOOST_TEST(same_origin("https://h/a", "https://h:443"));
  BOOST_TEST(!same_origin("http://h/a", "https://h/a"));
  BOOST_TEST(!same_origin("http://h/a", "http://h:81/a"));
  BOOST_TEST(!same_origin("http://h/a", "http://h.evil/a"));
  BOOST_TEST(!same_origin("", ""));
}

BOOST_AUTO_TEST_CASE(loopback_is_an_address_not_a_prefix) {
  BOOST_TEST(is_loopback("http://127.0.0.1:5000/v2/"));
  BOOST_TEST(is_loopback("http://localhost/"));
  BOOST_TEST(is_loopback("http://[::1]:80/"));
  BOOST_TEST(!is_loopback("http://127.evil.example/"));
  BOOST_TEST(!is_loopback("http://example.org/"));
}

BOOST_AUTO_TEST_CASE(hosts_are_known_whatever_the_scheme) {
  BOOST_TEST(host_of("https://user:pw@Git.Example:8443/x") == "git.example");
  BOOST_TEST(host_of("git://git.example/x") == "git.example");
  BOOST_TEST(host_of("ssh://git@git.example:22/x") == "git.example");
  BOOST_TEST(host_of("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
