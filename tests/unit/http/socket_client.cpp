#include "socket_client.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace bindery::test {

socket_client::socket_client(uint16_t port, int receive_buffer_bytes) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return;
  if (receive_buffer_bytes > 0)
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) close();
}

socket_client::socket_client(socket_client&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      ended_(other.ended_),
      was_reset_(other.was_reset_),
      received_(std::move(other.received_)),
      deadline_(other.deadline_) {}

socket_client::~socket_client() {
  close();
}

void socket_client::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

bool socket_client::send(const std::string& bytes) {
  deadline_ = std::chrono::steady_clock::now() + patience;
  size_t sent = 0;
  while (sent < bytes.size()) {
    auto n = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<size_t>(n);
  }
  return true;
}

bool socket_client::read_more() {
  if (ended_ || fd_ < 0) return false;
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline_ - std::chrono::steady_clock::now());
  pollfd waiting{fd_, POLLIN, 0};
  if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return false;
  char chunk[16384];
  auto n = ::recv(fd_, chunk, sizeof chunk, 0);
  if (n <= 0) {
    ended_ = true;
    was_reset_ = n < 0 && errno == ECONNRESET;
    return false;
  }
  received_.append(chunk, static_cast<size_t>(n));
  return true;
}

bool socket_client::read_until(const std::string& mark) {
  while (received_.find(mark) == std::string::npos)
    if (!read_more()) return false;
  return true;
}

bool socket_client::read_to_end() {
  while (read_more()) {
  }
  return ended_;
}

std::string socket_client::take_answer(bool with_body) {
  if (!read_until("\r\n\r\n")) return {};
  auto length = received_.find("\r\n\r\n") + 4;
  if (with_body) length += std::strtoul(field_of(received_, "Content-Length").c_str(), nullptr, 10);
  while (received_.size() < length)
    if (!read_more()) return {};
  auto answer = received_.substr(0, length);
  received_.erase(0, length);
  return answer;
}

std::string get(const std::string& target, const std::string& more_fields) {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + more_fields + "\r\n";
}

std::string old_get(const std::string& target, const std::string& more_fields) {
  return "GET " + target + " HTTP/1.0\r\nHost: localhost\r\n" + more_fields + "\r\n";
}

std::string unchunked(std::string_view chunks) {
  std::string text;
  while (true) {
    size_t size = 0;
    auto [end, fault] = std::from_chars(chunks.data(), chunks.data() + chunks.size(), size, 16);
    chunks.remove_prefix(static_cast<size_t>(end - chunks.data()));
    if (fault != std::errc{} || chunks.size() < size + 4 || chunks.substr(0, 2) != "\r\n" ||
        chunks.substr(size + 2, 2) != "\r\n")
      throw std::runtime_error("malformed chunks");
    text += chunks.substr(2, size);
    chunks.remove_prefix(size + 4);
    if (size > 0) continue;
    if (!chunks.empty()) throw std::runtime_error("bytes after the last chunk");
    return text;
  }
}

int status_of(const std::string& answer) {
  return answer.rfind("HTTP/1.1 ", 0) == 0 ? std::atoi(answer.c_str() + 9) : 0;
}

std::string field_of(const std::string& answer, const std::string& name) {
  auto lower = [](std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
  };
  auto head = answer.substr(0, answer.find("\r\n\r\n") + 2);
  auto at = lower(head).find("\r\n" + lower(name) + ": ");
  if (at == std::string::npos) return {};
  at += name.size() + 4;
  return head.substr(at, head.find("\r\n", at) - at);
}

}  // namespace bindery::test
