#include "runtime/launch/stage_history_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "runtime/error.hpp"

namespace bindery {

namespace {

/// Twice what a full history of long names takes.
constexpr off_t longest_file_bytes = 8 * 1024 * 1024;

class file {
 public:
  file(const std::string& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  ~file() { close(); }
  file(const file&) = delete;
  file& operator=(const file&) = delete;
  bool is_open() const { return fd_ >= 0; }
  int get() const { return fd_; }
  bool close() { return fd_ < 0 || ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

caf::error failed(const std::string& what, const std::string& path) {
  return make_error(errc::io_failed, "Cannot " + what + " " + path + ": " + std::strerror(errno));
}

bool read_all(int from, std::string& text) {
  for (size_t at = 0; at < text.size();) {
    auto got = ::read(from, text.data() + at, text.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) text.resize(at);
    at += static_cast<size_t>(got);
  }
  return true;
}

bool write_all(int to, const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    auto sent = ::write(to, text.data() + at, text.size() - at);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    at += static_cast<size_t>(sent);
  }
  return true;
}

caf::expected<stage_history> set_aside(const std::string& path, const std::string& why,
                                       std::string& damage, stage_history_bounds bounds) {
  auto aside = path + ".damaged";
  if (::rename(path.c_str(), aside.c_str()) != 0) return failed("rename", path);
  damage = why + "; it was renamed to " + aside;
  return stage_history{bounds};
}

}  // namespace

caf::expected<stage_history> load_stage_history(const std::string& path, std::string& damage,
                                                stage_history_bounds bounds) {
  file in{path, O_RDONLY | O_NONBLOCK};
  if (!in.is_open() && errno == ENOENT) return stage_history{bounds};
  if (!in.is_open() && errno == ELOOP) return set_aside(path, "the file is a link", damage, bounds);
  struct stat info {};
  if (!in.is_open() || ::fstat(in.get(), &info) != 0) return failed("read", path);
  if (!S_ISREG(info.st_mode) || info.st_size > longest_file_bytes)
    return set_aside(path, "this is no file, or one that is too large", damage, bounds);
  std::string text(static_cast<size_t>(info.st_size), '\0');
  if (!read_all(in.get(), text)) return failed("read", path);
  auto history = stage_history::read(text, bounds);
  if (history) return history;
  return set_aside(path, describe(history.error()), damage, bounds);
}

caf::error save_stage_history(const std::string& path, const stage_history& history) {
  std::error_code ignored;  // the attempt to write tells
  std::filesystem::create_directories(std::filesystem::path{path}.parent_path(), ignored);
  // By its process: two may share a folder, and the last one wins.
  auto fresh = path + "." + std::to_string(::getpid()) + ".new";
  ::unlink(fresh.c_str());
  file out{fresh, O_WRONLY | O_CREAT | O_EXCL};
  if (!out.is_open()) return failed("write", fresh);
  if (write_all(out.get(), history.text()) && ::fsync(out.get()) == 0 && out.close() &&
      ::rename(fresh.c_str(), path.c_str()) == 0)
    return {};
  auto why = failed("write", path);
  ::unlink(fresh.c_str());
  return why;
}

}  // namespace bindery
