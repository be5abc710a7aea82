#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>
#include <nlohmann/json_fwd.hpp>

#include "runtime/providers/provider.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

class github_rate_limit;
struct provider_entry;

/// The providers that this Bindery serves, and what the operator's settings say about each: all
/// nine under their own prefixes, or those that `BinderHub.repo_providers` names under its.
/// Immutable once made, so it may be asked from many threads.
class provider_table {
 public:
  /// Errors: bad_settings naming section, key and the regular expression that cannot be compiled.
  static caf::expected<provider_table> make(const settings& all);

  provider_table(provider_table&& other) noexcept;
  provider_table& operator=(provider_table&& other) noexcept;
  ~provider_table();

  /// The provider of this prefix, or null. It lives as long as the table, also where that moves.
  const repo_provider* find(std::string_view prefix) const;

  /// Names the repository of `spec` (raw, still percent-escaped) for what is remembered of it; see
  /// `repository_key`. Errors: unknown_provider, bad_spec.
  caf::expected<std::string> repository(std::string_view prefix, std::string_view spec) const;

  /// Whether the operator allows `spec` (raw, still percent-escaped): `banned_specs` win, and
  /// `allowed_specs` ban the rest where there are any. No error means yes. Errors: banned_spec;
  /// bad_spec where the spec is too long to look at.
  caf::error admit(const repo_provider& provider, std::string_view spec) const;

  /// How many servers of the repository of `spec` may run at once; 0 for no quota (see
  /// `spec_rules::server_quota`).
  uint32_t server_quota(const repo_provider& provider, std::string_view spec) const;

  /// What `/api/repoproviders` answers: a list of display configs.
  nlohmann::json display_configs() const;

  /// Name for people of the class whose own prefix this is, which `resolved_repository::provider`
  /// has; the prefix itself where none is served.
  std::string display_name(std::string_view own_prefix) const;

  /// For `GIT_CREDENTIAL_ENV` of a build, "" for none: the setting `git_credentials`, else what
  /// GitHub's and GitLab's tokens make of it. By the class's own prefix. A secret.
  std::string git_credentials(std::string_view own_prefix) const;

  /// Requests that GitHub's last answer left us; nothing before the first answer.
  std::optional<int64_t> github_rate_limit_remaining() const;

 private:
  provider_table();

  std::vector<provider_entry> entries_;
  std::shared_ptr<const github_rate_limit> github_rate_limit_;
  uint32_t per_repo_quota_ = 0;
  uint32_t per_repo_quota_higher_ = 0;
};

}  // namespace bindery
