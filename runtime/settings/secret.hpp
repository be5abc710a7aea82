#pragma once

#include <ostream>
#include <string>
#include <utility>

namespace bindery {

/// A text that never prints itself. `reveal` is for the one place that sends it where it belongs.
class secret {
 public:
  secret() = default;
  explicit secret(std::string text) : text_(std::move(text)) {}
  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend std::ostream& operator<<(std::ostream& out, const secret& value) {
    return out << (value.empty() ? "" : "***");
  }

 private:
  std::string text_;
};

}  // namespace bindery
