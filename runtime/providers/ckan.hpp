#pragma once

#include "runtime/providers/provider.hpp"
#include "runtime/providers/web_url.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

/// Datasets on any CKAN. Spec: `<escaped address of the dataset>`, which may name one of its past
/// states. There are no versions but the time of the last change.
class ckan_provider : public repo_provider {
 public:
  explicit ckan_provider(const ckan_settings& wanted) : hosts_(wanted.private_hosts) {}

  std::string_view prefix() const override { return "ckan"; }
  std::string_view display_name() const override { return "CKAN"; }
  nlohmann::json display_config() const override;
  caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const override;

 private:
  host_rule hosts_;
};

}  // namespace bindery
