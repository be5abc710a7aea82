#pragma once

#include <string>

#include "runtime/providers/provider.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

/// Resources of HydroShare. Spec: a resource's id of 32 hex digits, or any text that holds it, such
/// as its address or DOI. There are no versions but the time of the last change.
class hydroshare_provider : public repo_provider {
 public:
  explicit hydroshare_provider(const hydroshare_settings& wanted)
      : api_base_url_(wanted.api_base_url) {}

  std::string_view prefix() const override { return "hydroshare"; }
  std::string_view display_name() const override { return "Hydroshare"; }
  nlohmann::json display_config() const override;
  caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const override;

 private:
  std::string api_base_url_;
};

}  // namespace bindery
