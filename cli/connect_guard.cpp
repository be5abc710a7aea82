// The program's own `connect`, which the linker puts before libc's for all libraries but libc.
#include "cli/connect_guard.hpp"

#include <atomic>
#include <cerrno>
#include <dlfcn.h>
#include <sys/socket.h>

#include "runtime/net/public_address.hpp"

namespace bindery {

namespace {

std::atomic<bool> guarding{false};
std::atomic<bool> refused{false};

}  // namespace

}  // namespace bindery

extern "C" int connect(int fd, const sockaddr* address, socklen_t bytes) {
  using function = int (*)(int, const sockaddr*, socklen_t);
  static const auto next = reinterpret_cast<function>(::dlsym(RTLD_NEXT, "connect"));
  bool on_network = address->sa_family == AF_INET || address->sa_family == AF_INET6;
  if (bindery::guarding && on_network && !bindery::is_public_address(address, bytes)) {
    bindery::refused = true;
    errno = EACCES;
    return -1;
  }
  return next(fd, address, bytes);
}

namespace bindery {

bool refuse_private_addresses() {
  guarding = true;
  return ::dlsym(RTLD_DEFAULT, "connect") == reinterpret_cast<void*>(&::connect);
}

bool private_address_refused() {
  return refused;
}

}  // namespace bindery
