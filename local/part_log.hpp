#pragma once

#include <cstdint>
#include <deque>
#include <fstream>
#include <string>
#include <string_view>

namespace bindery {

/// What a part says, in a file of bounded size: a full file moves to `<path>.1`, of which there is
/// one.
class part_log {
 public:
  /// A file that cannot be written is not an error: the last words are kept all the same.
  part_log(std::string path, uint64_t max_bytes);

  void add(std::string_view line);
  /// The newest lines since `begin_life`, joined by `separator`; "" where nothing was said.
  std::string last_words(std::string_view separator) const;
  /// The next line is the first of a new process.
  void begin_life() { last_.clear(); }
  const std::string& path() const { return path_; }

 private:
  void open();

  std::string path_;
  uint64_t max_bytes_;
  uint64_t bytes_ = 0;
  std::ofstream file_;
  std::deque<std::string> last_;
};

}  // namespace bindery
