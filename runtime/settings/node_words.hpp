#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

namespace bindery {

/// ` (line 7)`, where a node of a file stands; "" where that is not known.
std::string line_of(const YAML::Node& node);

/// A node for an error's words: a text in quotes and cut short, of anything larger its kind.
std::string shown(const YAML::Node& node);

/// Words with commas between them.
std::string joined(const std::vector<std::string>& words);

/// `path: expected what, got ...`: why a node cannot be the value of the setting at `path`.
std::string mismatch(std::string_view path, const YAML::Node& got, std::string_view what);

}  // namespace bindery
