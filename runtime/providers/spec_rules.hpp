#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "runtime/settings/settings.hpp"
#include "runtime/text/pattern.hpp"

namespace bindery {

/// What the operator's settings say about the specs of one provider: regular expressions (see
/// `pattern`). Immutable, so it may be asked from many threads.
class spec_rules {
 public:
  /// Errors: bad_settings naming `section`, key and the expression that cannot be read.
  static caf::expected<spec_rules> make(const provider_settings& wanted,
                                        const std::string& section);

  /// No error means that the spec (still escaped) is allowed. An escape, or `.git` after a name,
  /// does not lead around a ban. Errors: banned_spec; bad_spec for an overlong one.
  caf::error admit(std::string_view spec) const;

  /// Servers of the spec's repository that may run at once; 0 for no quota. `higher` for
  /// `high_quota_specs`, else `usual`; of `spec_config` the last entry that matches wins over both.
  uint32_t server_quota(std::string_view spec, uint32_t usual, uint32_t higher) const;

 private:
  std::vector<pattern> allowed_, banned_, high_quota_;
  std::vector<std::pair<pattern, uint32_t>> own_quotas_;  ///< of `spec_config`, in its order
};

}  // namespace bindery
