#include "runtime/process/process_engine.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <mutex>
#include <optional>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/process/line_splitter.hpp"
#include "runtime/process/spawn.hpp"

namespace bindery {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// After the child's end, a grandchild that holds its pipe delays us no longer than this.
constexpr milliseconds drain_time{1'000};
/// Of what then still waits in a pipe. A child may have made its pipe as large as this.
constexpr ssize_t longest_rest = 1024 * 1024;

enum source : uint64_t { from_pid = 0, from_output = 1, from_errors = 2 };

struct child {
  child(process_spec s, process_listener l)
      : spec(std::move(s)),
        listener(std::move(l)),
        output(spec.max_line_bytes),
        errors(spec.max_line_bytes) {}

  process_spec spec;
  process_listener listener;
  spawned_process process;
  line_splitter output, errors;
  size_t unconsumed = 0;
  bool paused = false;
  bool stopping = false;
  std::optional<steady_clock::time_point> deadline;  ///< of the next step: stop, kill, end
  std::optional<process_exit> end;
  bool timed_out = false;
};

}  // namespace

class process_engine::loop {
 public:
  loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    watch(wake_, EPOLLIN, 0);
    thread_ = std::thread{[this] { run(); }};
  }

  ~loop() {
    post([this] {
      ending_ = true;
      for (auto& [ticket, one] : children_) begin_stop(one);
    });
    thread_.join();
    ::close(epoll_);
    ::close(wake_);
  }

  uint64_t next_ticket() { return ++tickets_; }

  void post(std::function<void()> command) {
    {
      std::lock_guard guard{mutex_};
      commands_.push_back(std::move(command));
    }
    uint64_t one = 1;
    [[maybe_unused]] auto written = ::write(wake_, &one, sizeof one);
  }

  void start(uint64_t ticket, process_spec spec, process_listener listener) {
    if (ending_) return;
    child one{std::move(spec), std::move(listener)};
    auto process = spawn_process(one.spec);
    if (!process) {
      if (one.listener.on_failure) one.listener.on_failure(std::move(process.error()));
      return;
    }
    one.process = *process;
    if (one.spec.timeout.count() > 0) one.deadline = steady_clock::now() + one.spec.timeout;
    watch(process->pid_fd, EPOLLIN, ticket << 2 | from_pid);
    watch(process->output_fd, EPOLLIN, ticket << 2 | from_output);
    watch(process->errors_fd, EPOLLIN, ticket << 2 | from_errors);
    children_.emplace(ticket, std::move(one));
  }

  void stop(uint64_t ticket) {
    if (auto found = children_.find(ticket); found != children_.end()) begin_stop(found->second);
  }

  void consumed(uint64_t ticket, size_t bytes) {
    auto found = children_.find(ticket);
    if (found == children_.end()) return;
    auto& one = found->second;
    one.unconsumed -= std::min(bytes, one.unconsumed);
    if (!one.paused || one.unconsumed > max_unconsumed_bytes / 2) return;
    one.paused = false;
    if (one.process.output_fd >= 0)
      watch(one.process.output_fd, EPOLLIN, ticket << 2 | from_output);
    if (one.process.errors_fd >= 0)
      watch(one.process.errors_fd, EPOLLIN, ticket << 2 | from_errors);
  }

 private:
  void run() {
    // Signals belong to the main thread.
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
    std::array<epoll_event, 64> ready{};
    while (!ending_ || !children_.empty()) {
      auto count = ::epoll_wait(epoll_, ready.data(), ready.size(), next_timeout());
      for (int i = 0; i < count; ++i) handle(ready[static_cast<size_t>(i)].data.u64);
      run_commands();
      handle_deadlines();
    }
  }

  void watch(int fd, uint32_t events, uint64_t key) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = key;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  void run_commands() {
    std::vector<std::function<void()>> commands;
    {
      std::lock_guard guard{mutex_};
      commands.swap(commands_);
    }
    for (auto& command : commands) command();
  }

  int next_timeout() const {
    std::optional<steady_clock::time_point> next;
    for (const auto& [ticket, one] : children_)
      if (one.deadline && (!next || *one.deadline < *next)) next = one.deadline;
    if (!next) return -1;
    auto left = std::chrono::duration_cast<milliseconds>(*next - steady_clock::now()).count();
    return static_cast<int>(std::clamp<int64_t>(left + 1, 0, 60'000));
  }

  void handle(uint64_t key) {
    if (key == 0) {
      uint64_t count = 0;
      [[maybe_unused]] auto got = ::read(wake_, &count, sizeof count);
      return;
    }
    auto found = children_.find(key >> 2);
    if (found == children_.end()) return;
    switch (key & 3) {
      case from_pid:
        reap(found->second);
        break;
      case from_output:
        read_from(found->second, found->second.process.output_fd, found->second.output, 1);
        break;
      default:
        read_from(found->second, found->second.process.errors_fd, found->second.errors, 2);
    }
    finish_if_done(found->first);
  }

  /// How many bytes were read; 0 at the end, below where there are none now.
  ssize_t read_from(child& one, int& fd, line_splitter& lines, int32_t number) {
    if (fd < 0) return 0;
    std::array<char, 16 * 1024> buffer;
    auto tell = [&](std::string line) {
      one.unconsumed += cost_of(line);
      if (one.listener.on_line) one.listener.on_line(number, std::move(line));
    };
    auto got = ::read(fd, buffer.data(), buffer.size());
    if (got > 0) {
      lines.take({buffer.data(), static_cast<size_t>(got)}, tell);
      if (one.unconsumed > max_unconsumed_bytes && !one.paused) pause(one);
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
      lines.finish(tell);
      ::close(std::exchange(fd, -1));
    }
    return got;
  }

  /// The last words of a child that was not read to its end, as nobody took its lines in time, or
  /// as somebody it left behind holds its pipe.
  void read_rest(child& one, int& fd, line_splitter& lines, int32_t number) {
    for (ssize_t all = 0; fd >= 0 && all < longest_rest;) {
      auto got = read_from(one, fd, lines, number);
      if (got <= 0) break;
      all += got;
    }
    if (fd < 0) return;
    lines.finish([&](std::string line) {
      if (one.listener.on_line) one.listener.on_line(number, std::move(line));
    });
    ::close(std::exchange(fd, -1));
  }

  void pause(child& one) {
    one.paused = true;
    for (int fd : {one.process.output_fd, one.process.errors_fd})
      if (fd >= 0) ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
  }

  void reap(child& one) {
    int status = 0;
    if (one.end || ::waitpid(one.process.pid, &status, WNOHANG) != one.process.pid) return;
    ::close(std::exchange(one.process.pid_fd, -1));
    process_exit end;
    if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
    end.timed_out = one.timed_out;
    one.end = end;
    // Whoever it left behind goes with it.
    ::kill(-one.process.pid, SIGKILL);
    one.deadline = steady_clock::now() + drain_time;
  }

  void begin_stop(child& one) {
    if (one.stopping || one.end) return;
    one.stopping = true;
    ::kill(-one.process.pid, SIGTERM);
    one.deadline = steady_clock::now() + one.spec.stop_grace;
  }

  void handle_deadlines() {
    auto now = steady_clock::now();
    std::vector<uint64_t> due;
    for (const auto& [ticket, one] : children_)
      if (one.deadline && *one.deadline <= now) due.push_back(ticket);
    for (auto ticket : due) {
      auto& one = children_.at(ticket);
      one.deadline.reset();
      if (one.end) {
        finish(ticket);
      } else if (one.stopping) {
        ::kill(-one.process.pid, SIGKILL);
      } else {
        one.timed_out = true;
        begin_stop(one);
      }
    }
  }

  void finish_if_done(uint64_t ticket) {
    const auto& one = children_.at(ticket);
    if (one.end && one.process.output_fd < 0 && one.process.errors_fd < 0) finish(ticket);
  }

  void finish(uint64_t ticket) {
    auto node = children_.extract(ticket);
    auto& one = node.mapped();
    read_rest(one, one.process.output_fd, one.output, 1);
    read_rest(one, one.process.errors_fd, one.errors, 2);
    if (one.listener.on_end) one.listener.on_end(*one.end);
  }

  int epoll_;
  int wake_;
  std::atomic<uint64_t> tickets_{0};
  std::mutex mutex_;
  std::vector<std::function<void()>> commands_;
  bool ending_ = false;
  std::unordered_map<uint64_t, child> children_;
  std::thread thread_;
};

process_engine::process_engine() : loop_(std::make_unique<loop>()) {}
process_engine::~process_engine() = default;

uint64_t process_engine::start(process_spec spec, process_listener listener) {
  auto ticket = loop_->next_ticket();
  loop_->post([this, ticket, s = std::move(spec), l = std::move(listener)]() mutable {
    loop_->start(ticket, std::move(s), std::move(l));
  });
  return ticket;
}

void process_engine::stop(uint64_t ticket) {
  loop_->post([this, ticket] { loop_->stop(ticket); });
}

void process_engine::consumed(uint64_t ticket, size_t bytes) {
  loop_->post([this, ticket, bytes] { loop_->consumed(ticket, bytes); });
}

}  // namespace bindery
