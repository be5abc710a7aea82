#pragma once

#include <string>

#include "runtime/providers/provider.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

/// Records on Zenodo. Spec: a DOI, of one version or of all, which means the newest.
class zenodo_provider : public repo_provider {
 public:
  explicit zenodo_provider(const doi_settings& wanted) : doi_base_url_(wanted.doi_base_url) {}

  std::string_view prefix() const override { return "zenodo"; }
  std::string_view display_name() const override { return "Zenodo"; }
  nlohmann::json display_config() const override;
  caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const override;

 private:
  std::string doi_base_url_;
};

}  // namespace bindery
