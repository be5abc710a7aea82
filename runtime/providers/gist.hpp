#pragma once

#include <memory>
#include <string>

#include "runtime/providers/github_api.hpp"
#include "runtime/providers/provider.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

struct gist_site;

/// Gists on GitHub. Spec: `user/gist-id[/ref]`; without a ref, and for `HEAD`, `master` and `main`,
/// the newest version.
class gist_provider : public repo_provider {
 public:
  gist_provider(const gist_settings& wanted, std::shared_ptr<github_rate_limit> limit,
                wall_clock now);

  std::string_view prefix() const override { return "gist"; }
  std::string_view display_name() const override { return "Gist"; }
  nlohmann::json display_config() const override;
  caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const override;
  std::string repository_of(std::string_view spec) const override;

 private:
  std::shared_ptr<const gist_site> site_;
};

/// The base of the API that holds the gists of these settings.
std::string gist_api_base(const gist_settings& wanted);

}  // namespace bindery
