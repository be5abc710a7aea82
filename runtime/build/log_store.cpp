#include "runtime/build/log_store.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "runtime/error.hpp"
#include "runtime/text/random.hpp"

namespace bindery {

namespace {

namespace fs = std::filesystem;

constexpr size_t id_length = 24;
constexpr std::string_view ending = ".log";
constexpr std::string_view unfinished = ".new";
/// Nobody writes one log for so long.
constexpr std::chrono::hours abandoned{1};

/// An open file.
class file {
 public:
  file(const std::string& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  ~file() {
    if (fd_ >= 0) ::close(fd_);
  }
  file(const file&) = delete;
  file& operator=(const file&) = delete;
  bool is_open() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

caf::error failed(const std::string& what, const std::string& path, int why) {
  return make_error(errc::io_failed, "Cannot " + what + " " + path + ": " + std::strerror(why));
}

caf::error write_all(const std::string& path, std::string_view text) {
  file out{path, O_WRONLY | O_CREAT | O_EXCL};
  if (!out.is_open()) return failed("write", path, errno);
  while (!text.empty()) {
    auto sent = ::write(out.get(), text.data(), text.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) {
      auto why = sent < 0 ? errno : ENOSPC;
      ::unlink(path.c_str());
      return failed("write", path, why);
    }
    text.remove_prefix(static_cast<size_t>(sent));
  }
  return {};
}

struct kept_log {
  std::string path;
  uint64_t bytes;
  build_log_store::clock::time_point written;
};

/// Every file of ours that ends with `suffix`, the newest first.
std::vector<kept_log> list(const std::string& folder, std::string_view suffix) {
  std::vector<kept_log> found;
  std::error_code ended;
  for (fs::directory_iterator i{folder, ended}, end; !ended && i != end; i.increment(ended)) {
    auto name = i->path().filename().string();
    struct stat info {};
    if (!name.ends_with(suffix) || !is_build_log_id(name.substr(0, name.size() - suffix.size())) ||
        ::lstat(i->path().c_str(), &info) != 0 || !S_ISREG(info.st_mode))
      continue;
    auto since =
        std::chrono::seconds{info.st_mtim.tv_sec} + std::chrono::nanoseconds{info.st_mtim.tv_nsec};
    found.push_back({i->path().string(), static_cast<uint64_t>(info.st_size),
                     build_log_store::clock::time_point{
                         std::chrono::duration_cast<build_log_store::clock::duration>(since)}});
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.written > b.written; });
  return found;
}

}  // namespace

bool is_build_log_id(std::string_view text) {
  return text.size() == id_length && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

caf::expected<build_log_store> build_log_store::open(std::string folder, build_log_bounds bounds) {
  std::error_code why;
  fs::create_directories(fs::path{folder}.parent_path(), why);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return failed("make the folder", folder, errno);
  // Only an attempt tells: root may write where the mode says no, and not where the disk is
  // read-only.
  auto probe = folder + "/" + random_id(id_length) + std::string{unfinished};
  if (auto refused = write_all(probe, "")) return refused;
  ::unlink(probe.c_str());
  return build_log_store{std::move(folder), bounds};
}

caf::error build_log_store::write(const std::string& id, std::string_view text,
                                  clock::time_point now) const {
  if (text.size() > bounds_.bytes) text.remove_prefix(text.size() - bounds_.bytes);
  auto fresh = folder_ + "/" + id + std::string{unfinished};
  if (auto why = write_all(fresh, text)) return why;
  auto path = folder_ + "/" + id + std::string{ending};
  if (::rename(fresh.c_str(), path.c_str()) != 0) {
    auto why = errno;
    ::unlink(fresh.c_str());
    return failed("write", path, why);
  }
  prune(now);
  return {};
}

caf::expected<std::string> build_log_store::keep(const std::string& text,
                                                 clock::time_point now) const {
  auto id = random_id(id_length);
  if (auto why = write(id, text, now)) return why;
  return id;
}

caf::error build_log_store::keep_copy(const std::string& id, const std::string& text,
                                      clock::time_point now) const {
  if (!is_build_log_id(id)) return make_error(errc::bad_request, "This is no id of a build log");
  return write(id, text, now);
}

bool build_log_store::has(const std::string& id) const {
  return is_build_log_id(id) &&
         ::access((folder_ + "/" + id + std::string{ending}).c_str(), R_OK) == 0;
}

caf::expected<build_log_piece> build_log_store::read(const std::string& id, uint64_t offset,
                                                     size_t most) const {
  auto none = [] {
    return make_error(
        errc::unresolvable_ref,
        "There is no such build log. Logs of failed builds are kept for a while only.");
  };
  if (!is_build_log_id(id)) return none();
  auto path = folder_ + "/" + id + std::string{ending};
  file in{path, O_RDONLY};
  struct stat info {};
  if (!in.is_open() && errno == ENOENT) return none();
  if (!in.is_open() || ::fstat(in.get(), &info) != 0) return failed("read", path, errno);
  build_log_piece piece{static_cast<uint64_t>(info.st_size), {}};
  if (offset >= piece.total_bytes) return piece;
  piece.text.resize(std::min<uint64_t>(most, piece.total_bytes - offset));
  ssize_t got = 0;
  do got = ::pread(in.get(), piece.text.data(), piece.text.size(), static_cast<off_t>(offset));
  while (got < 0 && errno == EINTR);
  if (got < 0) return failed("read", path, errno);
  piece.text.resize(static_cast<size_t>(got));
  return piece;
}

void build_log_store::prune(clock::time_point now) const {
  uint64_t bytes = 0;
  for (const auto& one : list(folder_, ending)) {
    bytes += one.bytes;
    if (bytes > bounds_.bytes || now - one.written > bounds_.age) ::unlink(one.path.c_str());
  }
  for (const auto& one : list(folder_, unfinished))
    if (now - one.written > abandoned) ::unlink(one.path.c_str());
}

}  // namespace bindery
