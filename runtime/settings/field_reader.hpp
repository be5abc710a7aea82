#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "runtime/settings/field_visitor.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

/// Fills the declared fields from a parsed file and collects every problem on the way.
class field_reader final : public field_visitor {
 public:
  explicit field_reader(YAML::Node file) : file_(file) {}

  void section(std::string_view name, std::string_view doc) override;
  void text(std::string_view key, std::string& field, std::string_view doc) override;
  void text_or_none(std::string_view key, std::string& field, std::string_view doc) override;
  void choice(std::string_view key, std::string& field, const std::vector<std::string>& words,
              std::string_view doc) override;
  void hidden(std::string_view key, secret& field, std::string_view doc) override;
  void boolean(std::string_view key, bool& field, std::string_view doc) override;
  void yes_or_no(std::string_view key, std::string& field, std::string_view doc) override;
  void number(std::string_view key, int64_t& field, int64_t least, int64_t most,
              std::string_view doc) override;
  void bytes(std::string_view key, uint64_t& field, std::string_view doc) override;
  void texts(std::string_view key, std::vector<std::string>& field, std::string_view doc) override;
  void pairs(std::string_view key, std::map<std::string, std::string>& field,
             std::string_view doc) override;
  void hidden_pairs(std::string_view key, std::map<std::string, secret>& field,
                    std::string_view doc) override;
  void class_name(std::string_view key, std::string& field, const std::vector<std::string>& known,
                  std::string_view doc) override;
  void class_names(std::string_view key, std::vector<std::pair<std::string, std::string>>& field,
                   const std::vector<std::string>& known, std::string_view doc) override;
  void optional_number(std::string_view key, std::optional<uint32_t>& field, int64_t least,
                       int64_t most, std::string_view doc) override;
  void spec_configs(std::string_view key, std::vector<spec_config_entry>& field,
                    std::string_view doc) override;
  void not_yet(std::string_view key, std::string_view instead) override;
  void removed(std::string_view key, std::string_view instead) override;
  void begin_nested(std::string_view key) override;
  void end_nested() override;
  void older_place(std::string_view key, std::string_view now) override;
  void alias(std::string_view key, std::string_view now) override;

  /// Reports sections and keys that no declaration claimed; call after the last declaration.
  void finish();

  std::vector<std::string> problems;
  std::vector<std::string> warnings;

 private:
  /// The node at `key` of the current section, or of an older name of it; undefined where absent.
  YAML::Node take(std::string_view key);
  std::string path(std::string_view key) const;
  void expected(std::string_view key, const YAML::Node& got, const std::string& what);

  YAML::Node file_;
  YAML::Node section_;
  std::string section_name_;  ///< with the key of a nested map, `Section.key`
  YAML::Node outer_;          ///< the section around a nested map
  std::set<std::string> known_sections_;
  std::set<std::string> known_keys_;  ///< `Section.key`
};

}  // namespace bindery
