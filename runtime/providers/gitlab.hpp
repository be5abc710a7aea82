#pragma once

#include <memory>
#include <optional>
#include <string>

#include "runtime/providers/provider.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

struct gitlab_site;

/// Repositories on GitLab. Spec: `<escaped namespace>/<ref>`.
class gitlab_provider : public repo_provider {
 public:
  explicit gitlab_provider(const gitlab_settings& wanted);

  std::string_view prefix() const override { return "gl"; }
  std::string_view display_name() const override { return "GitLab"; }
  nlohmann::json display_config() const override;
  caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const override;
  std::string repository_of(std::string_view spec) const override;
  std::optional<preview_source> preview_of(std::string_view spec) const override;

 private:
  std::shared_ptr<const gitlab_site> site_;
  std::string raw_base_url_;
};

/// What git is given for the repositories of GitLab: `git_credentials`, else made of the private or
/// the access token, else "". A secret.
std::string gitlab_git_credentials(const gitlab_settings& wanted);

}  // namespace bindery
