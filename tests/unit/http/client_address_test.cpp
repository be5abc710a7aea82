#include "http/client_address.hpp"

#include <boost/test/unit_test.hpp>

#include "router_world.hpp"
#include "socket_client.hpp"
using namespace bindery;
using namespace bindery::test;

BOOST_AUTO_TEST_SUITE(client_addresses)

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

BOOST_AUTO_TEST_SUITE_END()
