#include "local/stack_folder.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "runtime/error.hpp"
#include "runtime/text/escape.hpp"
#include "runtime/text/random.hpp"

namespace bindery {

namespace {

namespace fs = std::filesystem;

constexpr size_t id_length = 7;
/// Leaves room for names of sockets, whose whole path may have 107 bytes.
constexpr size_t max_run_path_bytes = 60;

caf::error cannot(const std::string& what, const std::string& path, const std::string& why) {
  return make_error(errc::io_failed, "Cannot " + what + " " + path + ": " + why +
                                         "; choose another state folder with --state or the "
                                         "setting Bindery.state_folder");
}

/// Makes `path` and its parents, the new ones for their owner alone.
caf::error make_private_folders(const fs::path& path) {
  if (path.empty() || fs::is_directory(path)) return {};
  if (path.has_parent_path() && path.parent_path() != path)
    if (auto why = make_private_folders(path.parent_path())) return why;
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return {};
    errno = ENOTDIR;
  }
  return cannot("create the folder", path.string(), std::strerror(errno));
}

bool is_private(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::geteuid() &&
         (info.st_mode & 077) == 0;
}

/// Where sockets of this user's processes may be.
std::string run_base() {
  if (::geteuid() == 0) return "/run/bindery";
  if (const char* given = std::getenv("XDG_RUNTIME_DIR"); given && *given) {
    auto path = std::string{given} + "/bindery";
    if (path.size() + 1 + id_length <= max_run_path_bytes) return path;
  }
  return "/tmp/bindery-" + std::to_string(::geteuid());
}

caf::expected<std::string> make_run_folder(const std::string& id) {
  auto base = run_base();
  if (auto why = make_private_folders(base)) return why;
  auto path = base + "/" + id;
  if (auto why = make_private_folders(path)) return why;
  if (!is_private(path))
    return make_error(errc::io_failed, "The folder " + path +
                                           " must belong to this user alone: remove it and start "
                                           "again");
  return path;
}

caf::error held_by_other(const std::string& path, int lock) {
  std::array<char, 32> text{};
  auto got = ::pread(lock, text.data(), text.size() - 1, 0);
  std::string pid{text.data(), got > 0 ? static_cast<size_t>(got) : 0};
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return make_error(errc::io_failed, "Another Bindery" +
                                         (pid.empty() ? "" : " (process " + pid + ")") +
                                         " uses the state folder " + path +
                                         ": end it, or choose another folder with --state");
}

}  // namespace

caf::expected<stack_folder> stack_folder::open(const std::string& given) {
  std::error_code failed;
  auto absolute = fs::absolute(given, failed);
  if (given.empty() || failed)
    return make_error(errc::bad_settings, "The state folder needs a path");
  if (auto why = make_private_folders(absolute.lexically_normal())) return why;
  auto path = fs::canonical(absolute, failed).string();
  if (failed) return cannot("use the state folder", absolute.string(), failed.message());

  auto lock_path = path + "/lock";
  int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return cannot("write in the state folder", path, std::strerror(errno));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    auto why = held_by_other(path, lock);
    ::close(lock);
    return why;
  }
  auto pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock, 0) != 0 || ::pwrite(lock, pid.data(), pid.size(), 0) < 0) {
    auto why = cannot("write in the state folder", path, std::strerror(errno));
    ::close(lock);
    return why;
  }
  auto id = sha256_hex(path).substr(0, id_length);
  stack_folder folder{std::move(path), id, {}, lock};
  auto run_path = make_run_folder(id);
  if (!run_path) return std::move(run_path.error());
  folder.run_path_ = std::move(*run_path);
  return folder;
}

stack_folder::stack_folder(stack_folder&& other) noexcept
    : path_(std::move(other.path_)),
      id_(std::move(other.id_)),
      run_path_(std::exchange(other.run_path_, {})),
      lock_(std::exchange(other.lock_, -1)) {}

stack_folder& stack_folder::operator=(stack_folder&& other) noexcept {
  if (this == &other) return *this;
  release();
  path_ = std::move(other.path_);
  id_ = std::move(other.id_);
  run_path_ = std::exchange(other.run_path_, {});
  lock_ = std::exchange(other.lock_, -1);
  return *this;
}

stack_folder::~stack_folder() {
  release();
}

caf::expected<std::string> stack_folder::subfolder(const std::string& name) const {
  if (auto why = make_private_folders(file(name))) return why;
  return file(name);
}

caf::error stack_folder::write(const std::string& name, const std::string& text) const {
  auto path = file(name);
  auto fresh = path + ".new";
  int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return cannot("write", path, std::strerror(errno));
  auto written = ::write(fd, text.data(), text.size());
  auto why = written < 0 ? errno : ENOSPC;
  ::close(fd);
  if (written != static_cast<ssize_t>(text.size()))
    return cannot("write", path, std::strerror(why));
  if (::rename(fresh.c_str(), path.c_str()) != 0)
    return cannot("write", path, std::strerror(errno));
  return {};
}

caf::expected<std::string> stack_folder::secret_token(const std::string& name) const {
  auto folder = subfolder("secrets");
  if (!folder) return std::move(folder.error());
  std::ifstream in{*folder + "/" + name};
  std::string token{std::istreambuf_iterator<char>{in}, {}};
  if (!token.empty()) return token;
  token = random_token();
  if (auto why = write("secrets/" + name, token)) return why;
  return token;
}

void stack_folder::release() {
  std::error_code ignored;
  if (auto path = std::exchange(run_path_, {}); !path.empty()) {
    fs::remove_all(path, ignored);
    fs::remove(fs::path{path}.parent_path(), ignored);
  }
  if (auto lock = std::exchange(lock_, -1); lock >= 0) ::close(lock);
}

}  // namespace bindery
