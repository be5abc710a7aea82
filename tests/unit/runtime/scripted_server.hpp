#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace bindery::test {

/// One accepted connection, in the hands of a test's script.
class scripted_connection {
 public:
  explicit scripted_connection(int fd) : fd_(fd) {}

  /// The next request's head and body (by content-length), or "" where the client has closed.
  std::string read_request() {
    size_t head_end;
    while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos)
      if (!read_more()) return {};
    size_t length = 0;
    if (auto at = buffer_.find("Content-Length: "); at < head_end)
      length = std::stoul(buffer_.substr(at + 16));
    auto total = head_end + 4 + length;
    while (buffer_.size() < total)
      if (!read_more()) return {};
    auto request = buffer_.substr(0, total);
    buffer_.erase(0, total);
    return request;
  }

  /// False where the client is gone.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  bool answer(int status, std::string_view body, std::string_view more_headers = {}) {
    return send("HTTP/1.1 " + std::to_string(status) +
                " Fine\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                std::string{more_headers} + "\r\n" + std::string{body});
  }

  /// Answers with an open-ended body; `send_chunk` pieces follow.
  bool begin_chunked(int status = 200) {
    return send("HTTP/1.1 " + std::to_string(status) +
                " Fine\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
  }

  bool send_chunk(std::string_view bytes) {
    char size[32];
    std::snprintf(size, sizeof(size), "%zx\r\n", bytes.size());
    return send(std::string{size} + std::string{bytes} + "\r\n");
  }

  bool end_chunked() { return send("0\r\n\r\n"); }

  /// Returns when the client has closed (or the server is being destroyed).
  void wait_until_closed() {
    while (read_more()) {
    }
  }

 private:
  bool read_more() {
    char bytes[4096];
    auto got = ::recv(fd_, bytes, sizeof(bytes), 0);
    if (got <= 0) return false;
    buffer_.append(bytes, static_cast<size_t>(got));
    return true;
  }

  int fd_;
  std::string buffer_;
};

/// A server on loopback (or a unix socket) that runs a test's script for each connection, in a
/// thread of its own; the connection is closed where the script ends.
class scripted_server {
 public:
  using script = std::function<void(scripted_connection&)>;

  explicit scripted_server(script run, std::string unix_path = {})
      : run_(std::move(run)), unix_path_(std::move(unix_path)) {
    listen_fd_ = unix_path_.empty() ? listen_tcp() : listen_unix();
    acceptor_ = std::thread([this] { accept_all(); });
  }

  ~scripted_server() {
    ending_ = true;
    ::shutdown(listen_fd_, SHUT_RDWR);
    acceptor_.join();
    {
      std::lock_guard guard{mutex_};
      for (auto& served : served_)
        if (served.fd >= 0) ::shutdown(served.fd, SHUT_RDWR);
    }
    for (auto& served : served_) served.thread.join();
    ::close(listen_fd_);
    if (!unix_path_.empty()) ::unlink(unix_path_.c_str());
  }

  int port() const { return port_; }
  std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string{path};
  }
  /// Connections accepted so far.
  int accepted() const { return accepted_; }

 private:
  struct served_connection {
    int fd;
    std::thread thread;
  };

  int listen_tcp() {
    int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(fd, 2048) != 0 ||
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0)
      throw std::runtime_error("cannot listen on loopback");
    port_ = ntohs(address.sin_port);
    return fd;
  }

  int listen_unix() {
    int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    unix_path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
        ::listen(fd, 128) != 0)
      throw std::runtime_error("cannot listen on " + unix_path_);
    return fd;
  }

  void accept_all() {
    while (!ending_) {
      int fd = ::accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      ++accepted_;
      std::lock_guard guard{mutex_};
      auto& served = served_.emplace_back(served_connection{fd, {}});
      served.thread = std::thread([this, fd, &served] {
        scripted_connection connection{fd};
        run_(connection);
        std::lock_guard closing{mutex_};
        ::close(fd);
        served.fd = -1;
      });
    }
  }

  script run_;
  std::string unix_path_;
  int listen_fd_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_{false};
  std::atomic<int> accepted_{0};
  std::mutex mutex_;
  std::list<served_connection> served_;
  std::thread acceptor_;
};

}  // namespace bindery::test
