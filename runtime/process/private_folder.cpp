#include "runtime/process/private_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <utility>

#include "runtime/error.hpp"

namespace bindery {

namespace {

caf::error cannot(const std::string& what, const std::string& path) {
  return make_error(errc::io_failed, "Cannot " + what + " " + path + ": " + std::strerror(errno));
}

}  // namespace

caf::expected<private_folder> private_folder::make() {
  std::error_code failed;
  auto base = std::filesystem::temp_directory_path(failed);
  auto pattern = ((failed ? std::filesystem::path{"/tmp"} : base) / "bindery-XXXXXX").string();
  // Made with permissions for its owner alone.
  if (::mkdtemp(pattern.data()) == nullptr) return cannot("make the folder", pattern);
  return private_folder{std::move(pattern)};
}

private_folder::private_folder(private_folder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

private_folder& private_folder::operator=(private_folder&& other) noexcept {
  if (this == &other) return *this;
  remove();
  path_ = std::exchange(other.path_, {});
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
  if (!path_.empty()) std::filesystem::remove_all(std::exchange(path_, {}), ignored);
}

}  // namespace bindery
