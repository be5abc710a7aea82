#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace bindery {

/// Cuts a byte stream into lines. A line longer than the bound comes in several pieces, so that a
/// child without line breaks cannot make us hold more than one piece.
class line_splitter {
 public:
  using on_line = std::function<void(std::string)>;

  explicit line_splitter(size_t max_line_bytes) : max_(max_line_bytes) {}

  /// Hands out each complete line without its break (`\n`, `\r\n` or a progress bar's `\r`). Empty
  /// lines are left out.
  void take(std::string_view bytes, const on_line& out);
  /// Hands out what is left at the end of the stream.
  void finish(const on_line& out);

 private:
  size_t max_;
  std::string line_;
};

}  // namespace bindery
