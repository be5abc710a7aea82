#include "runtime/providers/web_url.hpp"

#include <boost/test/unit_test.hpp>

#include "resolution_steps.hpp"

using namespace bindery;
using namespace bindery::steps;

BOOST_AUTO_TEST_SUITE(web_url_suite)

BOOST_AUTO_TEST_CASE(parts_of_a_url) {
  auto url = read_web_url("HTTPS://Data.Example:8443/a/b%20c?x=1&y=/#z", errc::bad_spec);
  BOOST_REQUIRE(url);
  BOOST_TEST(url->origin() == "https://data.example:8443");
  BOOST_TEST(url->path == "/a/b%20c");
  BOOST_TEST(url->query == "x=1&y=/");
  for (auto text : {"http://data.example", "http://data.example/", "http://data.example?",
                    "http://data.example#x"}) {
    auto bare = read_web_url(text, errc::bad_spec);
    BOOST_REQUIRE(bare);
    BOOST_TEST(bare->origin() == "http://data.example");
    BOOST_TEST(bare->path == "/");
    BOOST_TEST(bare->query == "");
  }
  auto v6 = read_web_url("http://[2A00:1450::1]:80/x", errc::bad_spec);
  BOOST_REQUIRE(v6);
  BOOST_TEST(v6->host == "[2a00:1450::1]");
  BOOST_TEST(v6->port == "80");
}

BOOST_AUTO_TEST_CASE(what_is_no_url) {
  for (std::string text : {"",
                           "data.example/x",
                           "//data.example/x",
                           "ftp://data.example/",
                           "file:///etc/passwd",
                           "javascript:alert(1)//http://",
                           "http://",
                           "http:///x",
                           "http://:80/",
                           "http://data.example:/",
                           "http://data.example:0/",
                           "http://data.example:65536/",
                           "http://data.example:8x/",
                           "http://me@data.example/",
                           "http://me:word@data.example/",
                           "http://data.example\\@127.0.0.1/",
                           "http://data example/",
                           "http://data.example/a b",
                           "http://data.example/\xc3\xa4",
                           "http://data.example/\n",
                           "http://data..example/",
                           "http://.data.example/",
                           "http://-data.example/",
                           "http://data%2eexample/",
                           "http://[::1/",
                           "http://[]/",
                           "http://[fe80::1%25eth0]/",
                           "http://data.example/\"x",
                           "http://data.example/<x>"}) {
    BOOST_TEST_CONTEXT(text) {
      failure(read_web_url(text, errc::bad_answer), errc::bad_answer);
      failure(read_web_url(text, errc::bad_spec), errc::bad_spec);
    }
  }
  auto words =
      failure(read_web_url("http://me:hunter2@h.example/", errc::bad_spec), errc::bad_spec);
  BOOST_TEST(!contains(words, "hunter2"));
}

BOOST_AUTO_TEST_CASE(hosts_of_the_public_internet) {
  for (auto host :
       {"zenodo.org", "zenodo.org.", "data.example", "a-b_c.1d.museum", "x.xn--p1ai", "8.8.8.8",
        "1.1.1.1", "172.15.0.1", "172.32.0.1", "192.167.0.1", "11.0.0.1", "100.63.0.1",
        "223.255.255.255", "[2a00:1450:4001::1]", "[2001:4860:4860::8888]"})
    BOOST_TEST(is_public_host(host), host);
}

BOOST_AUTO_TEST_CASE(hosts_that_are_not) {
  for (auto host : {"",
                    ".",
                    "localhost",
                    "localhost.",
                    "a.localhost",
                    "hub",
                    "hub.",
                    "proxy-api",
                    "printer.local",
                    "metadata.google.internal",
                    "hub.binder.svc",
                    "x.svc.cluster.local",
                    "router.lan",
                    "nas.home",
                    "1.0.0.127.in-addr.arpa",
                    "127.0.0.1",
                    "127.0.0.1.",
                    "127.255.255.255",
                    "127.1",
                    "0.0.0.0",
                    "0",
                    "10.0.0.1",
                    "10.255.255.255",
                    "100.64.0.1",
                    "100.127.255.255",
                    "169.254.169.254",
                    "172.16.0.1",
                    "172.31.255.255",
                    "192.168.0.1",
                    "192.0.0.8",
                    "192.0.2.1",
                    "198.18.0.1",
                    "198.19.255.255",
                    "198.51.100.7",
                    "203.0.113.9",
                    "224.0.0.1",
                    "239.1.1.1",
                    "240.0.0.1",
                    "255.255.255.255",
                    "2130706433",
                    "0x7f000001",
                    "0x7f.0x1",
                    "0177.0.0.1",
                    "1.2.3",
                    "1.2.3.4.5",
                    "256.1.1.1",
                    "x.1",
                    "[::1]",
                    "[::]",
                    "[::ffff:10.0.0.1]",
                    "[::127.0.0.1]",
                    "[fe80::1]",
                    "[fc00::1]",
                    "[fd12::1]",
                    "[ff02::1]",
                    "[2002:7f00:1::]",
                    "[2001::1]",
                    "[2001:db8::1]",
                    "[64:ff9b::7f00:1]",
                    "[x]",
                    "[]"})
    BOOST_TEST(!is_public_host(host), host);
}

BOOST_AUTO_TEST_CASE(what_the_operator_named) {
  auto allows = [](const host_rule& rule, const std::string& text) {
    auto url = read_web_url(text, errc::bad_spec);
    return url && rule.allows(url->host);
  };
  host_rule strict;
  BOOST_TEST(allows(strict, "https://zenodo.org/"));
  BOOST_TEST(!allows(strict, "https://ckan.intern.lan/"));
  host_rule named{{"CKAN.intern.lan", "10.0.0.7"}};
  BOOST_TEST(allows(named, "https://ckan.intern.lan:5000/"));
  BOOST_TEST(allows(named, "https://ckan.intern.lan./"));
  BOOST_TEST(allows(named, "http://10.0.0.7/"));
  BOOST_TEST(!allows(named, "http://10.0.0.8/"));
  BOOST_TEST(!allows(named, "http://x.ckan.intern.lan/"));
  BOOST_TEST(!allows(named, "http://127.0.0.1/"));
  auto local = host_rule::around("http://127.0.0.1:8080/doi");
  BOOST_TEST(allows(local, "http://127.0.0.1:9/"));
  BOOST_TEST(allows(local, "http://localhost:9/"));
  BOOST_TEST(allows(local, "https://zenodo.org/"));
  BOOST_TEST(!allows(local, "http://10.0.0.7/"));
  BOOST_TEST(!allows(host_rule::around("https://doi.org"), "http://127.0.0.1/"));
}

BOOST_AUTO_TEST_SUITE_END()
