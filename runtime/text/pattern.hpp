#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <caf/expected.hpp>

namespace bindery {

/// What became of matching.
enum class match : uint8_t {
  no,
  yes,
  given_up,  ///< the expression took more work than it is allowed on this text
};

/// A regular expression as BinderHub's settings have them: Python's syntax, matched at the start
/// of a text without regard to case. Its work on one text is bounded, whatever both are.
/// Immutable, so it may be asked from many threads.
class pattern {
 public:
  /// Errors: bad_settings, saying what of the expression cannot be read, and where in it.
  static caf::expected<pattern> compile(std::string_view expression);

  match matches(std::string_view text) const;

 private:
  explicit pattern(std::shared_ptr<const void> code) : code_(std::move(code)) {}

  std::shared_ptr<const void> code_;
};

}  // namespace bindery
