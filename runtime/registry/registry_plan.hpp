#pragma once

#include <string>

#include <caf/expected.hpp>

#include "runtime/registry/api.hpp"
#include "runtime/registry/docker_config.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

/// Which registry the settings mean, and how to log in for looking and for pushing.
struct registry_plan {
  registry_address address;
  /// What a login for pushing is filed under: `registry.example:5000`,
  /// `https://index.docker.io/v1/`.
  std::string push_registry;
  /// JSON for repo2docker's `CONTAINER_ENGINE_REGISTRY_CREDENTIALS`; "" for none. A secret.
  std::string push_credentials;
  /// A `config.json` for whoever pushes; "" where the one that docker finds will do. A secret.
  std::string docker_config;
};

/// Fills in what the settings leave open (contract, section 7): the registry is the one that
/// `image_prefix` names (Docker Hub where that names no host), without a prefix the first one of
/// docker's configuration, else Docker Hub; its login is docker's. Errors: bad_settings naming the
/// setting.
caf::expected<registry_plan> plan_registry(const settings& all, const docker_config& docker);

/// The JSON object of `CONTAINER_ENGINE_REGISTRY_CREDENTIALS`. A secret.
std::string push_credentials_json(const std::string& registry, const std::string& username,
                                  const std::string& password);

}  // namespace bindery
