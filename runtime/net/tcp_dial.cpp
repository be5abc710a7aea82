#include "runtime/net/tcp_dial.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/error.hpp"

namespace bindery {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// 0, or an `errno`.
int wait_for_connection(int fd, steady_clock::time_point deadline) {
  for (;;) {
    auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now()).count();
    pollfd waited{fd, POLLOUT, 0};
    auto ready = ::poll(&waited, 1, static_cast<int>(left > 0 ? left : 0));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return errno;
    if (ready == 0) return ETIMEDOUT;
    int why = 0;
    socklen_t size = sizeof why;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &size) == 0 ? why : errno;
  }
}

int dial_one(const addrinfo& address, steady_clock::time_point deadline) {
  int fd = ::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                    address.ai_protocol);
  if (fd < 0) return errno;
  int why = 0;
  if (::connect(fd, address.ai_addr, address.ai_addrlen) != 0)
    why = errno == EINPROGRESS ? wait_for_connection(fd, deadline) : errno;
  ::close(fd);
  return why;
}

}  // namespace

caf::error dial_tcp(const std::string& host, uint16_t port, milliseconds timeout) {
  auto place = host + ":" + std::to_string(port);
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (auto fault = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
      fault != 0)
    return make_error(errc::unreachable, place + ": " + ::gai_strerror(fault));
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned{found, ::freeaddrinfo};
  auto deadline = steady_clock::now() + timeout;
  int why = EHOSTUNREACH;
  for (auto* address = found; address != nullptr; address = address->ai_next) {
    why = dial_one(*address, deadline);
    if (why == 0) return {};
  }
  return make_error(errc::unreachable, place + ": " + std::strerror(why));
}

}  // namespace bindery
