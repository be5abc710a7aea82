#include "runtime/net/socket_watch.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace bindery {

namespace {

int checked(int fd, const char* what) {
  if (fd < 0) throw std::system_error{errno, std::generic_category(), what};
  return fd;
}

}  // namespace

socket_watch::socket_watch()
    : epoll_fd_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_fd_ < 0) {
    auto why = errno;
    ::close(epoll_fd_);
    throw std::system_error{why, std::generic_category(), "eventfd"};
  }
  set(wake_fd_, true, false);
}

socket_watch::~socket_watch() {
  ::close(wake_fd_);
  ::close(epoll_fd_);
}

void socket_watch::set(int fd, bool want_readable, bool want_writable) {
  epoll_event event{};
  event.data.fd = fd;
  event.events = (want_readable ? EPOLLIN : 0U) | (want_writable ? EPOLLOUT : 0U);
  if (event.events == 0) {
    ::epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, nullptr);
  } else if (::epoll_ctl(epoll_fd_, EPOLL_CTL_MOD, fd, &event) != 0 && errno == ENOENT) {
    ::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event);
  }
}

const std::vector<socket_watch::ready>& socket_watch::wait(std::chrono::milliseconds longest) {
  std::array<epoll_event, 256> events;
  auto count = ::epoll_wait(epoll_fd_, events.data(), static_cast<int>(events.size()),
                            static_cast<int>(std::clamp<int64_t>(longest.count(), 0, 60'000)));
  ready_.clear();
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<size_t>(i)];
    if (event.data.fd == wake_fd_) {
      uint64_t times;
      while (::read(wake_fd_, &times, sizeof(times)) > 0) {
      }
      continue;
    }
    ready_.push_back({event.data.fd, (event.events & EPOLLIN) != 0, (event.events & EPOLLOUT) != 0,
                      (event.events & (EPOLLERR | EPOLLHUP)) != 0});
  }
  return ready_;
}

void socket_watch::wake() {
  uint64_t one = 1;
  // Fails only where a wake-up is pending already.
  static_cast<void>(!::write(wake_fd_, &one, sizeof(one)));
}

}  // namespace bindery
