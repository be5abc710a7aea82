#include "runtime/net/tcp_dial.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"

using namespace bindery;
using namespace std::chrono_literals;

namespace {

/// Listens on a free port and accepts nobody.
struct silent_listener {
  silent_listener() : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    BOOST_REQUIRE(::listen(fd, 0) == 0);
    socklen_t size = sizeof address;
    BOOST_REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port = ntohs(address.sin_port);
  }
  ~silent_listener() {
    if (fd >= 0) ::close(fd);
  }
  int fd;
  uint16_t port = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tcp_dial)

BOOST_AUTO_TEST_CASE(a_listener_is_reached) {
  silent_listener there;
  BOOST_TEST(!dial_tcp("127.0.0.1", there.port, 10s));
}

BOOST_AUTO_TEST_CASE(a_closed_port_is_told_at_once) {
  silent_listener there;
  ::close(std::exchange(there.fd, -1));
  auto why = dial_tcp("127.0.0.1", there.port, 10s);
  BOOST_TEST((code_of(why) == errc::unreachable));
  BOOST_TEST(describe(why).find("refused") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_host_that_answers_nothing_costs_the_timeout_and_no_more) {
  // Once its backlog is full, a listener lets further connections wait as a dead host does.
  silent_listener full;
  std::vector<int> waiting;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(full.port);
  for (int i = 0; i < 8; ++i) {
    waiting.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    [[maybe_unused]] auto begun =
        ::connect(waiting.back(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  auto why = dial_tcp("127.0.0.1", full.port, 200ms);
  BOOST_TEST(describe(why).find("timed out") != std::string::npos);
  for (int fd : waiting) ::close(fd);
}

BOOST_AUTO_TEST_CASE(a_name_that_does_not_exist_is_named) {
  auto why = dial_tcp("no.such.host.invalid", 1, 1s);
  BOOST_TEST((code_of(why) == errc::unreachable));
  BOOST_TEST(describe(why).find("no.such.host.invalid") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
