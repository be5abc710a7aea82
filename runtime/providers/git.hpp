#pragma once

#include <string>
#include <vector>

#include "runtime/providers/provider.hpp"
#include "runtime/providers/web_url.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

/// Any git repository. Spec: `<escaped url>/<ref>`.
class git_provider : public repo_provider {
 public:
  explicit git_provider(const git_settings& wanted)
      : allowed_protocols_(wanted.allowed_protocols), hosts_(wanted.private_hosts) {}

  std::string_view prefix() const override { return "git"; }
  std::string_view display_name() const override { return "Git"; }
  nlohmann::json display_config() const override;
  caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const override;
  std::string repository_of(std::string_view spec) const override;

 private:
  std::vector<std::string> allowed_protocols_;
  host_rule hosts_;
};

}  // namespace bindery
