#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace bindery::test {

/// A folder of a test's own, gone with it.
class temporary_folder {
 public:
  temporary_folder() {
    auto name = (std::filesystem::temp_directory_path() / "bindery-XXXXXX").string();
    path_ = std::filesystem::canonical(::mkdtemp(name.data())).string();
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(const temporary_folder&) = delete;

  const std::string& path() const { return path_; }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream{path_ + "/" + name, std::ios::binary} << bytes;
  }

 private:
  std::string path_;
};

}  // namespace bindery::test
