#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace bindery {

/// Waits for sockets to become readable or writable, for a wake-up from another thread, or for time
/// to pass, at a cost that does not grow with the number of quiet sockets (epoll).
class socket_watch {
 public:
  struct ready {
    int fd;
    bool readable;
    bool writable;
    bool broken;
  };

  /// Throws `std::system_error` where the kernel gives no descriptors.
  socket_watch();
  ~socket_watch();
  socket_watch(const socket_watch&) = delete;
  socket_watch& operator=(const socket_watch&) = delete;

  /// Watches `fd` for what is wanted from now on; both false ends the watch. A descriptor that was
  /// closed meanwhile is fine.
  void set(int fd, bool want_readable, bool want_writable);

  /// Returns what is ready, at the latest after `longest`. The result lives until the next call.
  const std::vector<ready>& wait(std::chrono::milliseconds longest);

  /// Makes the current or next `wait` return. From any thread.
  void wake();

 private:
  int epoll_fd_;
  int wake_fd_;
  std::vector<ready> ready_;
};

}  // namespace bindery
