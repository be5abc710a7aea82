#pragma once

#include <string>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

namespace bindery {

/// The bare name of the class that the setting at `path` names; "" where it is none of `known`,
/// which is added to `problems`.
std::string read_class_name(const std::string& path, const YAML::Node& node,
                            const std::vector<std::string>& known,
                            std::vector<std::string>& problems);

/// Prefixes of links and the class of each, in the file's order, from a map. Entries that cannot be
/// read are left out and added to `problems`.
std::vector<std::pair<std::string, std::string>> read_class_names(
    const std::string& path, const YAML::Node& node, const std::vector<std::string>& known,
    std::vector<std::string>& problems);

}  // namespace bindery
