#pragma once

#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "runtime/settings/settings.hpp"

namespace bindery {

/// Which specs the operator allows: regular expressions (ECMAScript), without regard to case,
/// matched at the start. Matching takes time linear in the spec and no stack, whatever the
/// expression. Immutable, so it may be asked from many threads.
class spec_rules {
 public:
  /// Errors: bad_settings naming `section`, key and the expression that cannot be compiled.
  static caf::expected<spec_rules> make(const provider_settings& wanted,
                                        const std::string& section);

  /// No error means that the spec (still escaped) is allowed. An escape, or `.git` after a name,
  /// does not lead around a ban. Errors: banned_spec; bad_spec for an overlong one.
  caf::error admit(std::string_view spec) const;

 private:
  std::vector<std::regex> allowed_, banned_;
};

}  // namespace bindery
