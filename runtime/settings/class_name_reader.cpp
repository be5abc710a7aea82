#include "runtime/settings/class_name_reader.hpp"

#include <algorithm>

#include "runtime/settings/class_name.hpp"
#include "runtime/settings/node_words.hpp"

namespace bindery {

std::string read_class_name(const std::string& path, const YAML::Node& node,
                            const std::vector<std::string>& known,
                            std::vector<std::string>& problems) {
  auto name = node.IsScalar() ? binderhub_class_name(node.Scalar()) : std::string{};
  if (std::find(known.begin(), known.end(), name) != known.end()) return name;
  problems.push_back(path + ": there is no such class here: " + shown(node) + "; use one of " +
                     joined(known) + " (Python classes of one's own cannot be run)" +
                     line_of(node));
  return {};
}

std::vector<std::pair<std::string, std::string>> read_class_names(
    const std::string& path, const YAML::Node& node, const std::vector<std::string>& known,
    std::vector<std::string>& problems) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& item : node) {
    auto prefix = item.first.IsScalar() ? item.first.Scalar() : std::string{};
    bool good = !prefix.empty() && prefix.size() <= 40 &&
                prefix.find_first_not_of(
                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                    "0123456789-_") == std::string::npos;
    if (!good) {
      problems.push_back(mismatch(path, item.first, "prefixes of letters, digits, - and _"));
      continue;
    }
    auto name = read_class_name(path + "." + prefix, item.second, known, problems);
    if (!name.empty()) found.emplace_back(std::move(prefix), std::move(name));
  }
  return found;
}

}  // namespace bindery
