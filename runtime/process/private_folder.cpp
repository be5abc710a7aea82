#include "runtime/process/private_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "runtime/error.hpp"

namespace bindery {

namespace {

namespace fs = std::filesystem;

constexpr const char* lock_name = "/.lock";

caf::error cannot(const std::string& what, const std::string& path) {
  return make_error(errc::io_failed, "Cannot " + what + " " + path + ": " + std::strerror(errno));
}

/// Makes the folder in which the private ones are.
caf::error open_place(const std::string& place) {
  std::error_code ignored;
  fs::create_directories(fs::path{place}.parent_path(), ignored);
  if (::mkdir(place.c_str(), 0700) != 0 && errno != EEXIST) return cannot("make the folder", place);
  struct stat info {};
  if (::lstat(place.c_str(), &info) != 0) return cannot("use the folder", place);
  if (!S_ISDIR(info.st_mode) || info.st_uid != ::geteuid())
    return make_error(errc::forbidden, "The folder " + place +
                                           ", which is for secrets, must belong to the user that "
                                           "Bindery runs as: remove it");
  if ((info.st_mode & 077) != 0 && ::chmod(place.c_str(), 0700) != 0)
    return cannot("keep others out of", place);
  return {};
}

/// A file that is open and locked; -1 where somebody else holds it (EWOULDBLOCK), or on errors.
int lock_file(const std::string& path, int flags, int how) {
  int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
  if (fd < 0) return -1;
  int done = 0;
  do done = ::flock(fd, how);
  while (done != 0 && errno == EINTR);
  if (done == 0) return fd;
  auto why = errno;
  ::close(fd);
  errno = why;
  return -1;
}

/// Removes the folders whose process is gone: the system took their locks back.
void remove_leftovers(const std::string& place) {
  std::error_code ended;
  std::vector<fs::path> left;
  for (fs::directory_iterator i{place, ended}, end; !ended && i != end; i.increment(ended)) {
    if (!i->is_directory(ended) || i->is_symlink(ended)) continue;
    int lock = lock_file(i->path().string() + lock_name, 0, LOCK_EX | LOCK_NB);
    // One without a lock is of a process that was killed before it could take it.
    if (lock < 0 && errno != ENOENT) continue;
    if (lock >= 0) ::close(lock);
    left.push_back(i->path());
  }
  std::error_code ignored;
  for (const auto& path : left) fs::remove_all(path, ignored);
}

}  // namespace

caf::expected<private_folder> private_folder::make(const std::string& place) {
  if (auto why = open_place(place)) return why;
  // One at a time: a folder that was just made and has no lock yet is no leftover.
  int one_at_a_time = lock_file(place + lock_name, O_CREAT, LOCK_EX);
  if (one_at_a_time < 0) return cannot("lock the folder", place);
  remove_leftovers(place);
  auto path = place + "/XXXXXX";
  int lock = -1;
  caf::error why;
  // Made with permissions for its owner alone.
  if (::mkdtemp(path.data()) == nullptr) {
    why = cannot("make the folder", path);
  } else if (lock = lock_file(path + lock_name, O_CREAT | O_EXCL, LOCK_EX); lock < 0) {
    why = cannot("lock the folder", path);
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  ::close(one_at_a_time);
  if (why) return why;
  return private_folder{std::move(path), lock};
}

private_folder::private_folder(private_folder&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::exchange(other.lock_, -1)) {}

private_folder& private_folder::operator=(private_folder&& other) noexcept {
  if (this == &other) return *this;
  remove();
  path_ = std::exchange(other.path_, {});
  lock_ = std::exchange(other.lock_, -1);
  return *this;
}

private_folder::~private_folder() {
  remove();
}

caf::error private_folder::write(const std::string& name, const std::string& text) const {
  auto path = path_ + "/" + name;
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return cannot("write", path);
  auto written = ::write(fd, text.data(), text.size());
  auto why = written < 0 ? errno : ENOSPC;
  ::close(fd);
  if (written == static_cast<ssize_t>(text.size())) return {};
  errno = why;
  return cannot("write", path);
}

void private_folder::remove() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(std::exchange(path_, {}), ignored);
  if (lock_ >= 0) ::close(std::exchange(lock_, -1));
}

}  // namespace bindery
