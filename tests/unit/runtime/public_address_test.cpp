#include "runtime/net/public_address.hpp"

#include <arpa/inet.h>
#include <cstring>
#include <string>
#include <sys/un.h>

#include <boost/test/unit_test.hpp>

using namespace bindery;

BOOST_AUTO_TEST_SUITE(public_address_suite)

BOOST_AUTO_TEST_CASE(addresses_of_the_public_internet) {
  for (std::string text :
       {"8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255",
        "172.32.0.0", "192.167.255.255", "192.169.0.0", "223.255.255.255", "2a00:1450:4001::1",
        "2606:4700::1111", "64:ff9b::8.8.8.8"})
    BOOST_TEST(is_public_address(text), text);
}

BOOST_AUTO_TEST_CASE(addresses_that_are_not) {
  for (std::string text : {"",
                           "x",
                           "127.1",
                           "0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "100.64.0.1",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.168.0.1",
                           "198.18.0.1",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:8.8.8.8",
                           "::ffff:127.0.0.1",
                           "::8.8.8.8",
                           "fe80::1",
                           "fc00::1",
                           "fd00:ec2::254",
                           "ff02::1",
                           "2001::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "64:ff9b::127.0.0.1",
                           "64:ff9b::10.0.0.1",
                           "64:ff9b:1::8.8.8.8"})
    BOOST_TEST(!is_public_address(text), text);
}

BOOST_AUTO_TEST_CASE(text_after_a_nul_counts) {
  BOOST_TEST(!is_public_address(std::string{"8.8.8.8\0x", 9}));
}

BOOST_AUTO_TEST_CASE(what_a_socket_connects_to) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  inet_pton(AF_INET, "8.8.8.8", &four.sin_addr);
  const auto* plain = reinterpret_cast<const sockaddr*>(&four);
  BOOST_TEST(is_public_address(plain, sizeof(four)));
  BOOST_TEST(!is_public_address(plain, sizeof(four) - 1));
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  inet_pton(AF_INET6, "2606:4700::1111", &six.sin6_addr);
  BOOST_TEST(is_public_address(reinterpret_cast<const sockaddr*>(&six), sizeof(six)));
  inet_pton(AF_INET6, "::ffff:10.0.0.1", &six.sin6_addr);
  BOOST_TEST(!is_public_address(reinterpret_cast<const sockaddr*>(&six), sizeof(six)));
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  BOOST_TEST(!is_public_address(reinterpret_cast<const sockaddr*>(&local), sizeof(local)));
}

BOOST_AUTO_TEST_SUITE_END()
