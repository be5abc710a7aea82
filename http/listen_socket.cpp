#include "http/listen_socket.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "runtime/error.hpp"

namespace bindery {

namespace {

constexpr int backlog = 4096;

std::string place_of(const std::string& host, uint16_t port) {
  auto shown = host.empty() ? "*" : host;
  if (shown.find(':') != std::string::npos) shown = "[" + shown + "]";
  return shown + ":" + std::to_string(port);
}

/// A socket for one address, or -1 with `errno` set.
int open_at(const addrinfo& address) {
  int fd = ::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, address.ai_protocol);
  if (fd < 0) return -1;
  int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, address.ai_addr, address.ai_addrlen) == 0 && ::listen(fd, backlog) == 0) return fd;
  auto why = errno;
  ::close(fd);
  errno = why;
  return -1;
}

std::string advice(int why) {
  if (why == EADDRINUSE) return "; another program listens there: stop it or choose another port";
  if (why == EACCES) return "; ports below 1024 need privileges: choose a higher one";
  if (why == EADDRNOTAVAIL) return "; this machine has no such address";
  return "";
}

}  // namespace

caf::expected<listen_socket> listen_socket::open(const std::string& host, uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  auto text = std::to_string(port);
  auto failed = ::getaddrinfo(host.empty() ? nullptr : host.c_str(), text.c_str(), &hints, &found);
  if (failed != 0)
    return make_error(errc::io_failed,
                      "cannot listen on " + place_of(host, port) + ": " + ::gai_strerror(failed));
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned{found, ::freeaddrinfo};
  int why = 0;
  for (auto* address = found; address != nullptr; address = address->ai_next) {
    int fd = open_at(*address);
    if (fd >= 0) return listen_socket{fd};
    why = errno;
  }
  return make_error(errc::io_failed, "cannot listen on " + place_of(host, port) + ": " +
                                         std::strerror(why) + advice(why));
}

listen_socket& listen_socket::operator=(listen_socket&& other) noexcept {
  if (this == &other) return *this;
  if (fd_ >= 0) ::close(fd_);
  fd_ = other.release();
  return *this;
}

listen_socket::~listen_socket() {
  if (fd_ >= 0) ::close(fd_);
}

int listen_socket::release() {
  return std::exchange(fd_, -1);
}

uint16_t listen_socket::port() const {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  if (address.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

}  // namespace bindery
