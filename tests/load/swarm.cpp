#include "tests/load/swarm.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace bindery::test {

namespace {

struct client {
  int fd = -1;
  bool told = false;
  std::string received;
};

size_t count_of(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

/// The child's whole life: connects, reports once, holds on until the parent closes its pipe.
class client_process {
 public:
  client_process(uint32_t connections, uint32_t events, int from_parent, int to_parent)
      : clients_(connections), events_(events), from_parent_(from_parent), to_parent_(to_parent) {}

  void run() {
    uint16_t port = 0;
    if (::read(from_parent_, &port, sizeof port) != sizeof port) return;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    poller_ = ::epoll_create1(0);
    for (uint32_t i = 0; i < clients_.size(); ++i) {
      connect(i, port);
      if (i % 64 == 0) take_what_came(0);
    }
    while (told_ < clients_.size() && parent_is_there()) take_what_came(100);
    if (::write(to_parent_, &report_, sizeof report_) != sizeof report_) return;
    while (parent_is_there()) take_what_came(100);
  }

 private:
  void connect(uint32_t index, uint16_t port) {
    auto& one = clients_[index];
    one.fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto request = "GET /build/gh/user" + std::to_string(::getpid()) + "/repo/" +
                   std::to_string(index) +
                   " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
    if (one.fd < 0 || ::connect(one.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      return tell(one, report_.broken);
    // A refused connection may be closed already: what it was told is still to be read.
    (void)!::send(one.fd, request.data(), request.size(), MSG_NOSIGNAL);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = index;
    ::epoll_ctl(poller_, EPOLL_CTL_ADD, one.fd, &event);
  }

  void take_what_came(int timeout_ms) {
    epoll_event ready[256];
    auto count = ::epoll_wait(poller_, ready, 256, timeout_ms);
    for (int i = 0; i < count; ++i) take(clients_[ready[i].data.u32]);
  }

  void take(client& one) {
    char chunk[4096];
    auto n = ::recv(one.fd, chunk, sizeof chunk, MSG_DONTWAIT);
    if (n > 0 && !one.told) one.received.append(chunk, static_cast<size_t>(n));
    if (n == 0 || (n < 0 && errno != EAGAIN)) {
      if (!one.told) tell(one, verdict_at_end(one.received));
      ::close(one.fd);
      one.fd = -1;
      return;
    }
    if (!one.told && one.received.find("\"failed\"") == std::string::npos &&
        count_of(one.received, "\ndata: ") >= events_)
      tell(one, report_.streaming);
  }

  uint32_t& verdict_at_end(std::string_view text) {
    if (text.find("\"phase\":\"failed\"") != text.npos) return report_.failed;
    if (text.rfind("HTTP/1.1 503 ", 0) == 0 && text.find("Retry-After: ") != text.npos)
      return report_.refused;
    return report_.broken;
  }

  void tell(client& one, uint32_t& counter) {
    one.told = true;
    one.received = std::string{};
    ++counter;
    ++told_;
  }

  bool parent_is_there() const {
    pollfd pipe{from_parent_, POLLIN, 0};
    return ::poll(&pipe, 1, 0) == 0;
  }

  std::vector<client> clients_;
  uint32_t events_;
  int from_parent_;
  int to_parent_;
  int poller_ = -1;
  uint32_t told_ = 0;
  swarm_report report_;
};

}  // namespace

swarm::swarm(uint32_t connections, uint32_t events) {
  int down[2], up[2];
  if (::pipe2(down, O_CLOEXEC) != 0 || ::pipe2(up, O_CLOEXEC) != 0) return;
  child_ = ::fork();
  if (child_ == 0) {
    ::close(down[1]);
    ::close(up[0]);
    ::signal(SIGPIPE, SIG_IGN);
    client_process{connections, events, down[0], up[1]}.run();
    ::_exit(0);
  }
  ::close(down[0]);
  ::close(up[1]);
  to_child_ = down[1];
  from_child_ = up[0];
}

swarm::~swarm() {
  ::close(to_child_);
  ::close(from_child_);
  if (child_ > 0) ::waitpid(child_, nullptr, 0);
}

void swarm::go(uint16_t port) {
  (void)!::write(to_child_, &port, sizeof port);
}

swarm_report swarm::await(int seconds) {
  swarm_report report;
  pollfd pipe{from_child_, POLLIN, 0};
  if (::poll(&pipe, 1, seconds * 1000) <= 0 ||
      ::read(from_child_, &report, sizeof report) != sizeof report)
    report.broken = UINT32_MAX;
  return report;
}

}  // namespace bindery::test
