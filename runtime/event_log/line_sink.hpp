#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace bindery {

/// Where the event log's lines go. Not thread-safe.
class line_sink {
 public:
  virtual ~line_sink() = default;
  /// Writes `line` and its break through to the system. Throws a `std::exception` that says why
  /// where it cannot; the line is lost then and a later call tries anew.
  virtual void write(std::string_view line) = 0;
};

/// Standard output.
std::unique_ptr<line_sink> stdout_sink();

/// A file of mode 0600, appended to, of at most `max_bytes`; then it gets a number in its name and
/// a new one is begun, `old_files` of them are kept. A last line that an earlier process left
/// unfinished is ended first. Throws a `std::exception` where the file cannot be opened.
std::unique_ptr<line_sink> rotating_file(const std::string& path, size_t max_bytes,
                                         size_t old_files);

}  // namespace bindery
