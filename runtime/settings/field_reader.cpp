#include "runtime/settings/field_reader.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/settings/class_name_reader.hpp"
#include "runtime/settings/near_miss.hpp"
#include "runtime/settings/node_words.hpp"
#include "runtime/settings/number_text.hpp"
#include "runtime/settings/spec_config_reader.hpp"

namespace bindery {

namespace {

bool is_off(const YAML::Node& node) {
  return !node.IsDefined() || node.IsNull() ||
         (node.IsScalar() && (node.Scalar() == "false" || node.Scalar() == "False"));
}

}  // namespace

void field_reader::section(std::string_view name, std::string_view) {
  section_name_ = name;
  known_sections_.insert(section_name_);
  section_.reset(file_.IsMap() ? YAML::Node(file_[section_name_]) : YAML::Node());
  if (section_.IsDefined() && !section_.IsNull() && !section_.IsMap()) {
    expected("", section_, "a map of settings");
    section_.reset(YAML::Node());
  }
}

YAML::Node field_reader::take(std::string_view key) {
  known_keys_.insert(path(key));
  if (!section_.IsDefined() || !section_.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
  const auto& looked_at = section_;
  return looked_at[std::string{key}];
}

std::string field_reader::path(std::string_view key) const {
  return key.empty() ? section_name_ : section_name_ + "." + std::string{key};
}

void field_reader::expected(std::string_view key, const YAML::Node& got, const std::string& what) {
  problems.push_back(mismatch(path(key), got, what));
}

void field_reader::text(std::string_view key, std::string& field, std::string_view) {
  auto node = take(key);
  if (!node.IsDefined() || node.IsNull()) return;
  if (node.IsScalar() && !node.Tag().starts_with("tag:yaml.org,2002:python"))
    field = node.Scalar();
  else
    expected(key, node, "a text");
}

void field_reader::text_or_none(std::string_view key, std::string& field, std::string_view doc) {
  if (auto node = take(key); node.IsDefined() && node.IsNull())
    field.clear();
  else
    text(key, field, doc);
}

void field_reader::choice(std::string_view key, std::string& field,
                          const std::vector<std::string>& words, std::string_view) {
  auto node = take(key);
  if (!node.IsDefined()) return;
  if (node.IsScalar() && std::find(words.begin(), words.end(), node.Scalar()) != words.end()) {
    field = node.Scalar();
    return;
  }
  expected(key, node, "one of " + joined(words));
}

void field_reader::hidden(std::string_view key, secret& field, std::string_view) {
  auto node = take(key);
  if (!node.IsDefined() || node.IsNull()) return;
  if (node.IsScalar())
    field = secret{node.Scalar()};
  else
    problems.push_back(path(key) + ": expected a text" + line_of(node));
}

void field_reader::boolean(std::string_view key, bool& field, std::string_view) {
  auto node = take(key);
  if (!node.IsDefined()) return;
  if (node.IsScalar() && (node.Scalar() == "true" || node.Scalar() == "True"))
    field = true;
  else if (node.IsScalar() && (node.Scalar() == "false" || node.Scalar() == "False"))
    field = false;
  else
    expected(key, node, "true or false");
}

void field_reader::yes_or_no(std::string_view key, std::string& field, std::string_view doc) {
  if (auto node = take(key); !node.IsDefined() || node.IsNull()) return;
  bool on = false;
  boolean(key, on, doc);
  field = on ? "yes" : "no";
}

void field_reader::number(std::string_view key, int64_t& field, int64_t least, int64_t most,
                          std::string_view) {
  auto node = take(key);
  if (!node.IsDefined()) return;
  int64_t value = 0;
  if (node.IsScalar() && read_number(node.Scalar(), value) && value >= least && value <= most)
    field = value;
  else
    expected(key, node,
             "an integer between " + std::to_string(least) + " and " + std::to_string(most));
}

void field_reader::bytes(std::string_view key, uint64_t& field, std::string_view) {
  auto node = take(key);
  if (!node.IsDefined()) return;
  auto word = node.IsScalar() ? node.Scalar() : std::string{};
  constexpr std::string_view units = "KMGT";
  double factor = 1;
  if (!word.empty())
    if (auto unit = units.find(word.back()); unit != std::string_view::npos) {
      factor = std::pow(1024.0, static_cast<double>(unit + 1));
      word.pop_back();
    }
  double value = 0;
  if (!word.empty() && read_number(word, value) && value >= 0 && value * factor < 1e18)
    field = static_cast<uint64_t>(value * factor);
  else
    expected(key, node, "a size in bytes such as 512M or 2G");
}

void field_reader::texts(std::string_view key, std::vector<std::string>& field, std::string_view) {
  auto node = take(key);
  if (!node.IsDefined() || node.IsNull()) return;
  std::vector<std::string> found;
  bool good = node.IsSequence();
  if (good)
    for (const auto& item : node) {
      good = good && item.IsScalar();
      if (good) found.push_back(item.Scalar());
    }
  if (good)
    field = std::move(found);
  else
    expected(key, node, "a list of texts");
}

void field_reader::pairs(std::string_view key, std::map<std::string, std::string>& field,
                         std::string_view) {
  auto node = take(key);
  if (!node.IsDefined() || node.IsNull()) return;
  std::map<std::string, std::string> found;
  bool good = node.IsMap();
  if (good)
    for (const auto& item : node) {
      good = good && item.first.IsScalar() && item.second.IsScalar();
      if (good) found[item.first.Scalar()] = item.second.Scalar();
    }
  if (good)
    field = std::move(found);
  else
    expected(key, node, "a map of texts");
}

void field_reader::hidden_pairs(std::string_view key, std::map<std::string, secret>& field,
                                std::string_view) {
  auto node = take(key);
  if (!node.IsDefined() || node.IsNull()) return;
  std::map<std::string, secret> found;
  bool good = node.IsMap();
  if (good)
    for (const auto& item : node) {
      good = good && item.first.IsScalar() && item.second.IsScalar();
      if (good) found[item.first.Scalar()] = secret{item.second.Scalar()};
    }
  if (good)
    field = std::move(found);
  else
    problems.push_back(path(key) + ": expected a map of texts" + line_of(node));
}

void field_reader::class_name(std::string_view key, std::string& field,
                              const std::vector<std::string>& known, std::string_view) {
  auto node = take(key);
  if (!node.IsDefined()) return;
  if (auto name = read_class_name(path(key), node, known, problems); !name.empty())
    field = std::move(name);
}

void field_reader::class_names(std::string_view key,
                               std::vector<std::pair<std::string, std::string>>& field,
                               const std::vector<std::string>& known, std::string_view) {
  auto node = take(key);
  if (!node.IsDefined()) return;
  if (!node.IsMap() || node.size() == 0)
    return expected(key, node, "a map of prefixes to classes, with at least one entry");
  field = read_class_names(path(key), node, known, problems);
}

void field_reader::optional_number(std::string_view key, std::optional<uint32_t>& field,
                                   int64_t least, int64_t most, std::string_view doc) {
  auto node = take(key);
  if (!node.IsDefined()) return;
  field.reset();
  if (node.IsNull()) return;
  auto before = problems.size();
  int64_t value = 0;
  number(key, value, least, most, doc);
  if (problems.size() == before) field = static_cast<uint32_t>(value);
}

void field_reader::spec_configs(std::string_view key, std::vector<spec_config_entry>& field,
                                std::string_view) {
  auto node = take(key);
  if (!node.IsDefined() || node.IsNull()) return;
  if (!node.IsSequence()) return expected(key, node, "a list of {pattern, config}");
  field.clear();
  for (size_t i = 0; i < node.size(); ++i)
    if (auto entry = read_spec_config(path(key) + "[" + std::to_string(i) + "]",
                                      YAML::Node{node[i]}, problems, warnings))
      field.push_back(std::move(*entry));
}

void field_reader::older_place(std::string_view key, std::string_view now) {
  auto node = take(key);
  if (node.IsDefined())
    warnings.push_back(path(key) + " is now called " + std::string{now} + line_of(node));
}

void field_reader::not_yet(std::string_view key, std::string_view instead) {
  auto node = take(key);
  if (is_off(node)) return;
  warnings.push_back(path(key) + " is not honoured: " + std::string{instead} + line_of(node));
}

void field_reader::removed(std::string_view key, std::string_view instead) {
  auto node = take(key);
  if (is_off(node) || (node.IsScalar() && node.Scalar().empty())) return;
  problems.push_back(path(key) + " cannot be set: " + std::string{instead} + line_of(node));
}

void field_reader::begin_nested(std::string_view key) {
  auto node = take(key);
  if (node.IsDefined() && !node.IsNull() && !node.IsMap()) {
    expected(key, node, "a map");
    node.reset(YAML::Node());
  }
  outer_.reset(section_);
  section_name_ = path(key);
  section_.reset(node.IsDefined() ? node : YAML::Node());
}

void field_reader::end_nested() {
  if (section_.IsMap())
    for (const auto& field : section_) {
      auto full = path(field.first.IsScalar() ? field.first.Scalar() : "(not a text)");
      if (known_keys_.count(full) == 0)
        problems.push_back(full + ": unknown setting" + near_miss(known_keys_, full) +
                           line_of(field.first));
    }
  section_.reset(outer_);
  section_name_.resize(section_name_.rfind('.'));
}

void field_reader::alias(std::string_view key, std::string_view now) {
  auto node = take(key);
  if (!node.IsDefined()) return;
  warnings.push_back(path(key) + " is now called " + path(now) + line_of(node));
  if (const auto& looked_at = section_; !looked_at[std::string{now}].IsDefined())
    section_[std::string{now}] = node;
}

void field_reader::finish() {
  if (!file_.IsMap()) return;
  for (const auto& item : file_) {
    auto name = item.first.IsScalar() ? item.first.Scalar() : std::string{"(not a text)"};
    if (name == "extraConfig") {
      problems.push_back(
          "extraConfig holds Python code, which cannot be run here; set the "
          "sections and keys it changes" +
          line_of(item.first));
      continue;
    }
    if (known_sections_.count(name) == 0) {
      problems.push_back(name + ": unknown section" + near_miss(known_sections_, name) +
                         line_of(item.first));
      continue;
    }
    if (!item.second.IsMap()) continue;
    for (const auto& field : item.second) {
      auto full = name + "." + (field.first.IsScalar() ? field.first.Scalar() : "(not a text)");
      if (known_keys_.count(full) == 0)
        problems.push_back(full + ": unknown setting" + near_miss(known_keys_, full) +
                           line_of(field.first));
    }
  }
}

}  // namespace bindery
