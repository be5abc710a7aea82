#pragma once

#include <optional>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "runtime/settings/settings.hpp"

namespace bindery {

/// Reads an entry of a provider's `spec_config`, which stands at `path`. What is wrong with it is
/// added to `problems`, and there is none then; what has no effect is added to `warnings`.
std::optional<spec_config_entry> read_spec_config(const std::string& path, const YAML::Node& item,
                                                  std::vector<std::string>& problems,
                                                  std::vector<std::string>& warnings);

}  // namespace bindery
