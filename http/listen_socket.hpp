#pragma once

#include <cstdint>
#include <string>

#include <caf/expected.hpp>

namespace bindery {

/// A TCP socket that listens; closed with the object unless released.
class listen_socket {
 public:
  /// Binds `host`:`port` (port 0: a free one). Errors: io_failed, naming both and what to do.
  static caf::expected<listen_socket> open(const std::string& host, uint16_t port);

  explicit listen_socket(int fd) : fd_(fd) {}
  listen_socket(listen_socket&& other) noexcept : fd_(other.release()) {}
  listen_socket& operator=(listen_socket&& other) noexcept;
  ~listen_socket();

  uint16_t port() const;
  int release();

 private:
  int fd_;
};

}  // namespace bindery
