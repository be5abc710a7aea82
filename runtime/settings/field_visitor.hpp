#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/settings/secret.hpp"

namespace bindery {

struct spec_config_entry;

/// Walks over the declarations of `declarations.cpp`: once for reading a file, once for writing the
/// reference. `doc` is one sentence for operators.
class field_visitor {
 public:
  virtual ~field_visitor() = default;
  /// Fields after this belong to that section.
  virtual void section(std::string_view name, std::string_view doc) = 0;
  virtual void text(std::string_view key, std::string& field, std::string_view doc) = 0;
  /// A text that `null` empties.
  virtual void text_or_none(std::string_view key, std::string& field, std::string_view doc) = 0;
  virtual void choice(std::string_view key, std::string& field,
                      const std::vector<std::string>& words, std::string_view doc) = 0;
  virtual void hidden(std::string_view key, secret& field, std::string_view doc) = 0;
  virtual void boolean(std::string_view key, bool& field, std::string_view doc) = 0;
  /// "yes", "no", or what the field holds where the file says nothing.
  virtual void yes_or_no(std::string_view key, std::string& field, std::string_view doc) = 0;
  virtual void number(std::string_view key, int64_t& field, int64_t least, int64_t most,
                      std::string_view doc) = 0;
  /// A size in bytes, where `K M G T` may follow the number.
  virtual void bytes(std::string_view key, uint64_t& field, std::string_view doc) = 0;
  virtual void texts(std::string_view key, std::vector<std::string>& field,
                     std::string_view doc) = 0;
  virtual void pairs(std::string_view key, std::map<std::string, std::string>& field,
                     std::string_view doc) = 0;
  /// Texts of which none is ever shown.
  virtual void hidden_pairs(std::string_view key, std::map<std::string, secret>& field,
                            std::string_view doc) = 0;
  /// One of BinderHub's classes (see `binderhub_class_name`), of which these are `known`.
  virtual void class_name(std::string_view key, std::string& field,
                          const std::vector<std::string>& known, std::string_view doc) = 0;
  /// Names with a class each, in the file's order; at least one where the file says anything.
  virtual void class_names(std::string_view key,
                           std::vector<std::pair<std::string, std::string>>& field,
                           const std::vector<std::string>& known, std::string_view doc) = 0;
  /// An integer that may be absent (`null`).
  virtual void optional_number(std::string_view key, std::optional<uint32_t>& field, int64_t least,
                               int64_t most, std::string_view doc) = 0;
  /// A provider's `spec_config`: a list of `{pattern, config}`.
  virtual void spec_configs(std::string_view key, std::vector<spec_config_entry>& field,
                            std::string_view doc) = 0;
  /// Known, read by upstream, not honoured by this release: accepted with a warning.
  virtual void not_yet(std::string_view key, std::string_view instead) = 0;
  /// Upstream's, and never honoured here: any value is a problem that names `instead`.
  virtual void removed(std::string_view key, std::string_view instead) = 0;
  /// Until `end_nested`, fields are keys of the map at `key` of the current section.
  virtual void begin_nested(std::string_view key) = 0;
  virtual void end_nested() = 0;
  /// A key that was read already is an older place of `now`, a path: accepted with a warning.
  virtual void older_place(std::string_view key, std::string_view now) = 0;
  /// An older name of `now`, a key of the same section: accepted with a warning. Stands before it.
  virtual void alias(std::string_view key, std::string_view now) = 0;

  template <class Integer>
  void integer(std::string_view key, Integer& field, int64_t least, int64_t most,
               std::string_view doc) {
    auto wide = static_cast<int64_t>(field);
    number(key, wide, least, most, doc);
    field = static_cast<Integer>(wide);
  }
  void seconds(std::string_view key, std::chrono::seconds& field, int64_t least, int64_t most,
               std::string_view doc) {
    int64_t wide = field.count();
    number(key, wide, least, most, doc);
    field = std::chrono::seconds{wide};
  }
};

struct settings;

/// Shows every section and key of `all` to `visitor`.
void declare(field_visitor& visitor, settings& all);

}  // namespace bindery
