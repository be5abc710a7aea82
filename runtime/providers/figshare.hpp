#pragma once

#include <string>

#include "runtime/providers/provider.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

/// Articles on Figshare. Spec: a DOI, with a version (`….v2`) or without, which means the newest.
class figshare_provider : public repo_provider {
 public:
  explicit figshare_provider(const figshare_settings& wanted)
      : doi_base_url_(wanted.doi_base_url), api_base_url_(wanted.api_base_url) {}

  std::string_view prefix() const override { return "figshare"; }
  std::string_view display_name() const override { return "Figshare"; }
  nlohmann::json display_config() const override;
  caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const override;

 private:
  std::string doi_base_url_, api_base_url_;
};

}  // namespace bindery
