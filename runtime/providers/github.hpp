#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "runtime/providers/github_api.hpp"
#include "runtime/providers/provider.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

struct github_site;

/// Repositories on GitHub. Spec: `user/repo/ref`, where the ref may hold slashes. Its resolutions
/// share what GitHub answered before; they may outlive the provider.
class github_provider : public repo_provider {
 public:
  /// `rename_delay`: how long the notice of a renamed default branch is shown.
  github_provider(const github_settings& wanted, std::chrono::seconds rename_delay,
                  std::shared_ptr<github_rate_limit> limit, wall_clock now);

  std::string_view prefix() const override { return "gh"; }
  std::string_view display_name() const override { return "GitHub"; }
  nlohmann::json display_config() const override;
  caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const override;
  std::string repository_of(std::string_view spec) const override;
  std::optional<preview_source> preview_of(std::string_view spec) const override;

 private:
  std::shared_ptr<github_site> site_;
  std::string raw_base_url_;
};

}  // namespace bindery
