#include "runtime/net/client_network.hpp"

#include <boost/test/unit_test.hpp>

using namespace bindery;

BOOST_AUTO_TEST_SUITE(client_networks)

BOOST_AUTO_TEST_CASE(ipv4_clients_are_their_address) {
  BOOST_TEST(client_network("192.0.2.1") == "192.0.2.1");
  BOOST_TEST(client_network("::ffff:192.0.2.1") == "192.0.2.1");
  BOOST_TEST(client_network("::FFFF:c000:201") == "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(ipv6_clients_are_64_bits_of_theirs) {
  BOOST_TEST(client_network("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  BOOST_TEST(client_network("2001:0DB8:0001:0002::") == "2001:db8:1:2::/64");
  BOOST_TEST(client_network("2001:db8:1:3::1") == "2001:db8:1:3::/64");
  BOOST_TEST(client_network("fe80::1%eth0") == "fe80::/64");
  BOOST_TEST(client_network("::1") == "::/64");
}

BOOST_AUTO_TEST_CASE(anything_else_stays_and_is_bounded) {
  BOOST_TEST(client_network("") == "");
  BOOST_TEST(client_network("unix") == "unix");
  BOOST_TEST(client_network(std::string(1000, 'x')).size() == 64u);
}

BOOST_AUTO_TEST_SUITE_END()
