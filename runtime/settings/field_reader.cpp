#include "runtime/settings/field_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "runtime/settings/class_name.hpp"

namespace bindery {

namespace {

std::string shown(const YAML::Node& node) {
  if (node.IsNull()) return "null";
  if (node.IsSequence()) return "a list";
  if (node.IsMap()) return "a map";
  auto text = node.Scalar().substr(0, 60);
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return "\"" + text + "\"";
}

std::string line_of(const YAML::Node& node) {
  auto line = node.Mark().line;
  return line < 0 ? "" : " (line " + std::to_string(line + 1) + ")";
}

bool is_off(const YAML::Node& node) {
  return !node.IsDefined() || node.IsNull() ||
         (node.IsScalar() && (node.Scalar() == "false" || node.Scalar() == "False"));
}

size_t distance(std::string_view left, std::string_view right) {
  std::vector<size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= left.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= right.size(); ++j) {
      auto above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (left[i - 1] != right[j - 1])});
      diagonal = above;
    }
  }
  return row.back();
}

std::string hint(const std::set<std::string>& known, const std::string& name) {
  const std::string* best = nullptr;
  size_t least = 4;
  for (const auto& candidate : known)
    if (auto d = distance(candidate, name); d < least) {
      least = d;
      best = &candidate;
    }
  return best ? "; did you mean " + *best + "?" : "";
}

bool python_only(const std::string& text) {
  return text.find("lambda") != std::string::npos || text.find("!!python") != std::string::npos;
}

/// A value that only Python could make: `!!python/name:module.function`.
bool is_python(const YAML::Node& node) {
  return node.Tag().starts_with("tag:yaml.org,2002:python") ||
         (node.IsScalar() && python_only(node.Scalar()));
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

template <class Number>
bool parse(const std::string& text, Number& into) {
  auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), into);
  return bad == std::errc{} && end == text.data() + text.size();
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
  if (is_python(got))
    problems.push_back(path(key) + ": Python code cannot be set here; write a plain value, " +
                       what + line_of(got));
  else
    problems.push_back(path(key) + ": expected " + what + ", got " + shown(got) + line_of(got));
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
  if (node.IsScalar() && parse(node.Scalar(), value) && value >= least && value <= most)
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
  if (!word.empty() && parse(word, value) && value >= 0 && value * factor < 1e18)
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
  if (auto name = read_class(key, node, known); !name.empty()) field = std::move(name);
}

void field_reader::class_names(std::string_view key,
                               std::vector<std::pair<std::string, std::string>>& field,
                               const std::vector<std::string>& known, std::string_view) {
  auto node = take(key);
  if (!node.IsDefined()) return;
  if (!node.IsMap() || node.size() == 0)
    return expected(key, node, "a map of prefixes to classes, with at least one entry");
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& item : node) {
    auto prefix = item.first.IsScalar() ? item.first.Scalar() : std::string{};
    bool good = !prefix.empty() && prefix.size() <= 40 &&
                prefix.find_first_not_of(
                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                    "0123456789-_") == std::string::npos;
    if (!good) {
      expected(key, item.first, "prefixes of letters, digits, - and _");
      continue;
    }
    auto name = read_class(std::string{key} + "." + prefix, item.second, known);
    if (!name.empty()) found.emplace_back(std::move(prefix), std::move(name));
  }
  field = std::move(found);
}

std::string field_reader::read_class(std::string_view key, const YAML::Node& node,
                                     const std::vector<std::string>& known) {
  auto name = node.IsScalar() ? binderhub_class_name(node.Scalar()) : std::string{};
  if (std::find(known.begin(), known.end(), name) != known.end()) return name;
  problems.push_back(path(key) + ": there is no such class here: " + shown(node) + "; use one of " +
                     joined(known) + " (Python classes of one's own cannot be run)" +
                     line_of(node));
  return {};
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
    if (auto entry =
            read_spec_config(std::string{key} + "[" + std::to_string(i) + "]", YAML::Node{node[i]}))
      field.push_back(std::move(*entry));
}

std::optional<spec_config_entry> field_reader::read_spec_config(const std::string& key,
                                                                const YAML::Node& item) {
  constexpr int64_t most_servers = 1'000'000;
  if (!item.IsMap()) {
    expected(key, item, "a map of pattern and config");
    return std::nullopt;
  }
  auto before = problems.size();
  spec_config_entry entry;
  auto pattern = item["pattern"];
  auto config = item["config"];
  if (pattern.IsDefined() && pattern.IsScalar())
    entry.pattern = pattern.Scalar();
  else
    expected(key + ".pattern", pattern.IsDefined() ? pattern : YAML::Node{},
             "a text with a regular expression");
  if (!config.IsDefined() || !config.IsMap()) {
    expected(key + ".config", config.IsDefined() ? config : YAML::Node{},
             "a map such as quota: 10");
    return std::nullopt;
  }
  for (const auto& field : config) {
    auto name = field.first.IsScalar() ? field.first.Scalar() : std::string{"(not a text)"};
    if (name != "quota") {
      warnings.push_back(path(key) + ".config." + name +
                         " has no effect: quota is all that can be set there" +
                         line_of(field.first));
      continue;
    }
    int64_t value = 0;
    if (field.second.IsNull())
      entry.quota = 0;
    else if (field.second.IsScalar() && parse(field.second.Scalar(), value) && value >= 0 &&
             value <= most_servers)
      entry.quota = static_cast<uint32_t>(value);
    else
      expected(key + ".config.quota", field.second,
               "an integer between 0 (no quota) and " + std::to_string(most_servers));
  }
  for (const auto& field : item)
    if (field.first.IsScalar() && field.first.Scalar() != "pattern" &&
        field.first.Scalar() != "config")
      problems.push_back(path(key) + "." + field.first.Scalar() +
                         ": unknown setting; an entry has pattern and config" +
                         line_of(field.first));
  return problems.size() == before ? std::optional{std::move(entry)} : std::nullopt;
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
        problems.push_back(full + ": unknown setting" + hint(known_keys_, full) +
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
      problems.push_back(name + ": unknown section" + hint(known_sections_, name) +
                         line_of(item.first));
      continue;
    }
    if (!item.second.IsMap()) continue;
    for (const auto& field : item.second) {
      auto full = name + "." + (field.first.IsScalar() ? field.first.Scalar() : "(not a text)");
      if (known_keys_.count(full) == 0)
        problems.push_back(full + ": unknown setting" + hint(known_keys_, full) +
                           line_of(field.first));
    }
  }
}

}  // namespace bindery
