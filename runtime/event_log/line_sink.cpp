#include "runtime/event_log/line_sink.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <optional>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <spdlog/details/null_mutex.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>

namespace bindery {

namespace {

[[noreturn]] void throw_errno() {
  throw std::runtime_error(std::generic_category().message(errno));
}

class standard_output final : public line_sink {
 public:
  void write(std::string_view line) override {
    auto text = std::string{torn_ ? "\n" : ""} + std::string{line} + '\n';
    std::string_view left = text;
    while (!left.empty()) {
      auto sent = ::write(STDOUT_FILENO, left.data(), left.size());
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) throw_errno();
      left.remove_prefix(static_cast<size_t>(sent));
      torn_ = !left.empty();
    }
  }

 private:
  /// An earlier line was written in part only.
  bool torn_ = false;
};

/// An open file descriptor.
class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { ::close(fd_); }
  int get() const { return fd_; }

 private:
  int fd_;
};

/// Makes the file where there is none, with mode 0600, and ends an unfinished last line.
void prepare_file(const std::string& path) {
  auto opened = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600);
  if (opened < 0) throw_errno();
  descriptor file{opened};
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_errno();
  if (!S_ISREG(status.st_mode)) throw std::runtime_error("it is not a regular file");
  if ((status.st_mode & 0777) != 0600 && ::fchmod(file.get(), 0600) != 0) throw_errno();
  char last = '\n';
  if (status.st_size > 0 && ::pread(file.get(), &last, 1, status.st_size - 1) != 1) throw_errno();
  if (last != '\n' && ::write(file.get(), "\n", 1) != 1) throw_errno();
}

class rotating_sink final : public line_sink {
 public:
  rotating_sink(std::string path, size_t max_bytes, size_t old_files)
      : path_(std::move(path)), max_bytes_(max_bytes), old_files_(old_files) {
    open();
  }

  void write(std::string_view line) override {
    if (!file_) open();
    try {
      file_->log({"", spdlog::level::info, {line.data(), line.size()}});
      file_->flush();
    } catch (...) {
      // spdlog's file may be closed now and would be written to all the same: open a new one.
      file_.reset();
      throw;
    }
  }

 private:
  using file_sink = spdlog::sinks::rotating_file_sink<spdlog::details::null_mutex>;

  void open() {
    spdlog::file_event_handlers handlers;
    handlers.before_open = prepare_file;
    handlers.after_open = [](const std::string&, FILE* file) {
      ::fcntl(::fileno(file), F_SETFD, FD_CLOEXEC);
    };
    file_.emplace(path_, max_bytes_, old_files_, false, handlers);
    file_->set_formatter(
        std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc, "\n"));
  }

  std::string path_;
  size_t max_bytes_;
  size_t old_files_;
  std::optional<file_sink> file_;
};

}  // namespace

std::unique_ptr<line_sink> stdout_sink() {
  return std::make_unique<standard_output>();
}

std::unique_ptr<line_sink> rotating_file(const std::string& path, size_t max_bytes,
                                         size_t old_files) {
  return std::make_unique<rotating_sink>(path, max_bytes, old_files);
}

}  // namespace bindery
