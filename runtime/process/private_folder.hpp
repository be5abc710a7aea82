#pragma once

#include <string>
#include <utility>

#include <caf/error.hpp>
#include <caf/expected.hpp>

namespace bindery {

/// A folder for secrets that programs read from files: only its owner may look into it. It goes
/// with this object, or with the next one in the same place where the process was killed.
class private_folder {
 public:
  /// A new one in the folder `place`, which is made where it is missing and may be used by several
  /// processes. Folders there whose process is gone are removed. Errors: io_failed, naming folder
  /// and reason; forbidden where `place` is somebody else's.
  static caf::expected<private_folder> make(const std::string& place);

  private_folder(private_folder&& other) noexcept;
  private_folder& operator=(private_folder&& other) noexcept;
  ~private_folder();

  const std::string& path() const { return path_; }

  /// Writes a new file. Errors: io_failed.
  caf::error write(const std::string& name, const std::string& text) const;

 private:
  private_folder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  void remove();

  std::string path_;
  int lock_ =
      -1;  ///< held for as long as the folder is in use; the system lets go of it in any case
};

}  // namespace bindery
