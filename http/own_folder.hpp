#pragma once

#include <atomic>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

namespace bindery {

/// A file of an operator's folder, open for reading. To be shared between threads.
class open_file {
 public:
  open_file(int fd, uint64_t size_bytes, std::timespec modified,
            std::shared_ptr<std::atomic<size_t>> open_files);
  ~open_file();
  open_file(const open_file&) = delete;

  uint64_t size_bytes() const { return size_; }
  std::timespec modified() const { return modified_; }
  /// Up to so many bytes; fewer where the file has become shorter or cannot be read.
  std::string read(uint64_t offset, size_t bytes) const;

 private:
  int fd_;
  uint64_t size_;
  std::timespec modified_;
  std::shared_ptr<std::atomic<size_t>> open_files_;
};

/// A folder of the operator's. Nothing outside of it is ever read, whatever a name or a link says;
/// links within it are followed, as mounted Kubernetes ConfigMaps need.
class own_folder {
 public:
  /// Files that may be open at once; `find` then says `too_many_requests`.
  static constexpr size_t most_open_files = 256;

  /// Errors: bad_settings, naming path and reason.
  static caf::expected<own_folder> open(const std::string& path);

  const std::string& path() const { return path_; }
  /// The regular file of that relative path, whose parts are separated by `/` and hold no escapes.
  /// Null where there is none that may be served: names that begin with a dot are not.
  /// Errors: too_many_requests, io_failed (it is there and cannot be read).
  caf::expected<std::shared_ptr<const open_file>> find(std::string_view relative) const;
  /// Names of the files that stand in the folder itself, sorted.
  std::vector<std::string> names() const;

 private:
  explicit own_folder(std::string path) : path_(std::move(path)) {}

  std::string path_;
  std::shared_ptr<std::atomic<size_t>> open_files_ = std::make_shared<std::atomic<size_t>>(0);
};

}  // namespace bindery
