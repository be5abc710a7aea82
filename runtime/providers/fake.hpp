#pragma once

#include "runtime/providers/provider.hpp"

namespace bindery {

/// A provider for work on the pages, without any upstream: every spec resolves, equal ones to equal
/// versions. Served only where `BinderHub.repo_providers` names `FakeProvider`.
class fake_provider : public repo_provider {
 public:
  std::string_view prefix() const override { return "fake"; }
  std::string_view display_name() const override { return "Fake"; }
  nlohmann::json display_config() const override;
  caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const override;
};

}  // namespace bindery
