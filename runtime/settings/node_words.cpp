#include "runtime/settings/node_words.hpp"

namespace bindery {

namespace {

bool python_only(const std::string& text) {
  return text.find("lambda") != std::string::npos || text.find("!!python") != std::string::npos;
}

/// A value that only Python could make: `!!python/name:module.function`.
bool is_python(const YAML::Node& node) {
  return node.Tag().starts_with("tag:yaml.org,2002:python") ||
         (node.IsScalar() && python_only(node.Scalar()));
}

}  // namespace

std::string line_of(const YAML::Node& node) {
  auto line = node.Mark().line;
  return line < 0 ? "" : " (line " + std::to_string(line + 1) + ")";
}

std::string shown(const YAML::Node& node) {
  if (node.IsNull()) return "null";
  if (node.IsSequence()) return "a list";
  if (node.IsMap()) return "a map";
  auto text = node.Scalar().substr(0, 60);
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return "\"" + text + "\"";
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string mismatch(std::string_view path, const YAML::Node& got, std::string_view what) {
  auto about =
      is_python(got) ? ": Python code cannot be set here; write a plain value, " : ": expected ";
  auto instead = is_python(got) ? std::string{} : ", got " + shown(got);
  return std::string{path} + about + std::string{what} + instead + line_of(got);
}

}  // namespace bindery
