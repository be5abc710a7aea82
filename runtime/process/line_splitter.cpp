#include "runtime/process/line_splitter.hpp"

#include <utility>

namespace bindery {

void line_splitter::take(std::string_view bytes, const on_line& out) {
  for (char c : bytes) {
    if (c == '\n' || c == '\r') {
      if (!line_.empty()) out(std::exchange(line_, {}));
    } else {
      line_ += c;
      if (line_.size() >= max_) out(std::exchange(line_, {}));
    }
  }
}

void line_splitter::finish(const on_line& out) {
  if (!line_.empty()) out(std::exchange(line_, {}));
}

}  // namespace bindery
