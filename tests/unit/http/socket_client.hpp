#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace bindery::test {

/// A plain TCP client of a server on loopback. Every wait has a deadline.
class socket_client {
 public:
  static constexpr std::chrono::seconds patience{20};

  /// `receive_buffer_bytes` > 0 makes it a reader with little room.
  explicit socket_client(uint16_t port, int receive_buffer_bytes = 0);
  socket_client(socket_client&& other) noexcept;
  socket_client(const socket_client&) = delete;
  ~socket_client();

  bool connected() const { return fd_ >= 0; }
  /// False where the server does not take it.
  bool send(const std::string& bytes);
  /// Reads until `mark` is there (true), or the end or the deadline comes (false).
  bool read_until(const std::string& mark);
  /// Reads until the server closes. False where it does not in time.
  bool read_to_end();
  /// One answer with a `Content-Length`, taken off the front of what came; "" where none comes.
  std::string take_answer(bool with_body = true);
  /// All that came and was not taken.
  const std::string& received() const { return received_; }
  /// The server reset the connection instead of closing it.
  bool was_reset() const { return was_reset_; }
  void close();

 private:
  /// False at the end of the connection or of patience.
  bool read_more();

  int fd_ = -1;
  bool ended_ = false;
  bool was_reset_ = false;
  std::string received_;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::now() + patience;
};

/// A whole GET request.
std::string get(const std::string& target, const std::string& more_fields = "");

/// The same from a client of HTTP/1.0.
std::string old_get(const std::string& target, const std::string& more_fields = "");

/// What is in the chunks; throws `std::runtime_error` where they are malformed or have no end.
std::string unchunked(std::string_view chunks);

/// The status of an answer, or 0.
int status_of(const std::string& answer);

/// The value of a field in an answer, or "".
std::string field_of(const std::string& answer, const std::string& name);

}  // namespace bindery::test
