#include "runtime/settings/spec_config_reader.hpp"

#include <cstdint>
#include <utility>

#include "runtime/settings/node_words.hpp"
#include "runtime/settings/number_text.hpp"

namespace bindery {

std::optional<spec_config_entry> read_spec_config(const std::string& path, const YAML::Node& item,
                                                  std::vector<std::string>& problems,
                                                  std::vector<std::string>& warnings) {
  constexpr int64_t most_servers = 1'000'000;
  auto expected = [&](const std::string& where, const YAML::Node& got, const std::string& what) {
    problems.push_back(mismatch(where, got, what));
  };
  if (!item.IsMap()) {
    expected(path, item, "a map of pattern and config");
    return std::nullopt;
  }
  auto before = problems.size();
  spec_config_entry entry;
  auto pattern = item["pattern"];
  auto config = item["config"];
  if (pattern.IsDefined() && pattern.IsScalar())
    entry.pattern = pattern.Scalar();
  else
    expected(path + ".pattern", pattern.IsDefined() ? pattern : YAML::Node{},
             "a text with a regular expression");
  if (!config.IsDefined() || !config.IsMap()) {
    expected(path + ".config", config.IsDefined() ? config : YAML::Node{},
             "a map such as quota: 10");
    return std::nullopt;
  }
  for (const auto& field : config) {
    auto name = field.first.IsScalar() ? field.first.Scalar() : std::string{"(not a text)"};
    if (name != "quota") {
      warnings.push_back(path + ".config." + name +
                         " has no effect: quota is all that can be set there" +
                         line_of(field.first));
      continue;
    }
    int64_t value = 0;
    if (field.second.IsNull())
      entry.quota = 0;
    else if (field.second.IsScalar() && read_number(field.second.Scalar(), value) && value >= 0 &&
             value <= most_servers)
      entry.quota = static_cast<uint32_t>(value);
    else
      expected(path + ".config.quota", field.second,
               "an integer between 0 (no quota) and " + std::to_string(most_servers));
  }
  for (const auto& field : item)
    if (field.first.IsScalar() && field.first.Scalar() != "pattern" &&
        field.first.Scalar() != "config")
      problems.push_back(path + "." + field.first.Scalar() +
                         ": unknown setting; an entry has pattern and config" +
                         line_of(field.first));
  return problems.size() == before ? std::optional{std::move(entry)} : std::nullopt;
}

}  // namespace bindery
