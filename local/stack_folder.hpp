#pragma once

#include <string>

#include <caf/expected.hpp>

namespace bindery {

/// The folder of one stack of parts (state, logs, secrets), locked for this process while the
/// object lives, and a second one with a short path for sockets and what only running parts need.
class stack_folder {
 public:
  /// Creates (0700) and locks it. Errors: io_failed: it cannot be written, or another process,
  /// which is named by its pid, has it.
  static caf::expected<stack_folder> open(const std::string& path);

  stack_folder(stack_folder&& other) noexcept;
  stack_folder& operator=(stack_folder&& other) noexcept;
  ~stack_folder();

  const std::string& path() const { return path_; }
  /// 7 hex digits, the same for the same path.
  const std::string& id() const { return id_; }
  /// `name` inside it.
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  /// `name` in the folder for sockets, of 60 bytes at most before the name.
  std::string run_file(const std::string& name) const { return run_path_ + "/" + name; }
  /// Makes the subfolder `name` (0700) where it is not there. Errors: io_failed.
  caf::expected<std::string> subfolder(const std::string& name) const;
  /// A random token, the same at each start. Errors: io_failed.
  caf::expected<std::string> secret_token(const std::string& name) const;
  /// Writes a file that only its owner can read. Errors: io_failed.
  caf::error write(const std::string& name, const std::string& text) const;
  /// Removes the folder for sockets and gives the lock up; twice is fine.
  void release();

 private:
  stack_folder(std::string path, std::string id, std::string run_path, int lock)
      : path_(std::move(path)), id_(std::move(id)), run_path_(std::move(run_path)), lock_(lock) {}

  std::string path_;
  std::string id_;
  std::string run_path_;
  int lock_ = -1;
};

}  // namespace bindery
