#pragma once

#include <string>

#include <caf/error.hpp>
#include <caf/expected.hpp>

namespace bindery {

/// A folder for secrets that programs read from files: only its owner may look into it, and it goes
/// with this object.
class private_folder {
 public:
  /// A new one among the system's temporary files. Errors: io_failed.
  static caf::expected<private_folder> make();

  private_folder(private_folder&& other) noexcept;
  private_folder& operator=(private_folder&& other) noexcept;
  ~private_folder();

  const std::string& path() const { return path_; }

  /// Writes a new file. Errors: io_failed.
  caf::error write(const std::string& name, const std::string& text) const;

 private:
  explicit private_folder(std::string path) : path_(std::move(path)) {}
  void remove();

  std::string path_;
};

}  // namespace bindery
