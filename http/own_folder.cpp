#include "http/own_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "runtime/error.hpp"

namespace bindery {

namespace {

namespace fs = std::filesystem;

constexpr size_t longest_path = 1024;

/// True where every part is a plain name.
bool is_plain(std::string_view relative) {
  if (relative.empty() || relative.size() > longest_path) return false;
  for (size_t at = 0; at <= relative.size();) {
    auto end = std::min(relative.find('/', at), relative.size());
    auto name = relative.substr(at, end - at);
    if (name.empty() || name.front() == '.' || name.find('\\') != std::string_view::npos)
      return false;
    at = end + 1;
  }
  return std::none_of(relative.begin(), relative.end(),
                      [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

bool is_within(const fs::path& file, const fs::path& folder) {
  auto [left, right] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return left == folder.end() && right != file.end();
}

std::string reason(int number) {
  return std::error_code{number, std::generic_category()}.message();
}

}  // namespace

open_file::open_file(int fd, uint64_t size_bytes, std::timespec modified,
                     std::shared_ptr<std::atomic<size_t>> open_files)
    : fd_(fd), size_(size_bytes), modified_(modified), open_files_(std::move(open_files)) {}

open_file::~open_file() {
  ::close(fd_);
  --*open_files_;
}

std::string open_file::read(uint64_t offset, size_t bytes) const {
  std::string result(bytes, '\0');
  size_t got = 0;
  while (got < bytes) {
    auto count = ::pread(fd_, result.data() + got, bytes - got, static_cast<off_t>(offset + got));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    got += static_cast<size_t>(count);
  }
  result.resize(got);
  return result;
}

caf::expected<own_folder> own_folder::open(const std::string& path) {
  auto refuse = [&](const std::string& why) {
    return make_error(errc::bad_settings, "the folder \"" + path + "\" cannot be used: " + why);
  };
  std::error_code why;
  auto place = fs::canonical(path, why);
  if (why) return refuse(why.message());
  if (!fs::is_directory(place, why)) return refuse("it is not a folder");
  if (::access(place.c_str(), R_OK | X_OK) != 0) return refuse(reason(errno));
  return own_folder{path};
}

caf::expected<std::shared_ptr<const open_file>> own_folder::find(std::string_view relative) const {
  std::shared_ptr<const open_file> none;
  if (!is_plain(relative)) return none;
  // Both anew each time: an updated ConfigMap is another folder behind the same link.
  std::error_code why;
  auto folder = fs::canonical(path_, why);
  if (why) return none;
  auto file = fs::canonical(folder / relative, why);
  if (why || !is_within(file, folder)) return none;
  if (++*open_files_ > most_open_files) {
    --*open_files_;
    return make_error(errc::too_many_requests, "too many files are open");
  }
  // Not to wait for a pipe's writer; what is not a regular file is closed again.
  int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) {
    auto number = errno;
    --*open_files_;
    return make_error(errc::io_failed,
                      "\"" + file.string() + "\" cannot be read: " + reason(number));
  }
  struct stat facts {};
  bool regular = ::fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
  auto opened = std::make_shared<const open_file>(fd, static_cast<uint64_t>(facts.st_size),
                                                  facts.st_mtim, open_files_);
  return regular ? opened : none;
}

std::vector<std::string> own_folder::names() const {
  std::vector<std::string> result;
  std::error_code why;
  for (fs::directory_iterator at{path_, why}, end; !why && at != end; at.increment(why))
    if (auto name = at->path().filename().string(); name.front() != '.') result.push_back(name);
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace bindery
