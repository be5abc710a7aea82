#pragma once

#include <string>

#include "runtime/providers/provider.hpp"
#include "runtime/providers/web_url.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

/// Datasets on any Dataverse. Spec: a DOI, which leads to the Dataverse that has the dataset; of
/// that, its newest published version.
class dataverse_provider : public repo_provider {
 public:
  explicit dataverse_provider(const dataverse_settings& wanted);

  std::string_view prefix() const override { return "dataverse"; }
  std::string_view display_name() const override { return "Dataverse"; }
  nlohmann::json display_config() const override;
  caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const override;

 private:
  std::string doi_base_url_;
  host_rule hosts_;
};

}  // namespace bindery
