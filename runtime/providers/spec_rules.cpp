#include "runtime/providers/spec_rules.hpp"

#include <algorithm>

#include "runtime/error.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

caf::expected<pattern> compile(const std::string& text, const std::string& where) {
  auto compiled = pattern::compile(text);
  if (!compiled)
    return make_error(errc::bad_settings, where + ": the regular expression " + in_quotes(text) +
                                              " cannot be read: " + describe(compiled.error()));
  return compiled;
}

caf::expected<std::vector<pattern>> compile(const std::vector<std::string>& texts,
                                            const std::string& where) {
  std::vector<pattern> all;
  for (size_t i = 0; i < texts.size(); ++i) {
    auto one = compile(texts[i], where + "[" + std::to_string(i) + "]");
    if (!one) return std::move(one.error());
    all.push_back(std::move(*one));
  }
  return all;
}

bool matches(const pattern& rule, const std::vector<std::string>& texts) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const auto& text) { return rule.matches(text) == match::yes; });
}

bool any_matches(const std::vector<pattern>& rules, const std::vector<std::string>& texts) {
  return std::any_of(rules.begin(), rules.end(),
                     [&](const auto& rule) { return matches(rule, texts); });
}

/// Whether it is certain that no rule matches any text.
bool none_matches(const std::vector<pattern>& rules, const std::vector<std::string>& texts) {
  return std::all_of(rules.begin(), rules.end(), [&](const auto& rule) {
    return std::all_of(texts.begin(), texts.end(),
                       [&](const auto& text) { return rule.matches(text) == match::no; });
  });
}

/// The parts of a spec between slashes, each passed through `change`.
template <class Change>
std::string with_each_part(std::string_view spec, Change change) {
  std::string result;
  for (size_t at = 0; at <= spec.size();) {
    auto slash = std::min(spec.find('/', at), spec.size());
    if (at > 0) result += '/';
    result += change(spec.substr(at, slash - at));
    at = slash + 1;
  }
  return result;
}

std::string unescaped(std::string_view part) {
  auto text = percent_unescape(part);
  return text ? *text : std::string{part};
}

/// The way in which a program would escape this spec.
std::string normalized(std::string_view spec) {
  return with_each_part(spec, [](auto part) { return percent_escape(unescaped(part)); });
}

std::string without_git_suffixes(std::string_view spec) {
  return with_each_part(spec, [](std::string_view part) {
    return part.ends_with(".git") ? part.substr(0, part.size() - 4) : part;
  });
}

std::vector<std::string> without_doubles(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

/// The spec as asked for, and as the very same spec could be written otherwise.
std::vector<std::string> same_spellings(std::string_view spec) {
  return without_doubles({std::string{spec}, normalized(spec)});
}

/// The above, and whatever else may lead to the same repository.
std::vector<std::string> all_spellings(std::string_view spec) {
  auto all = same_spellings(spec);
  for (size_t i = all.size(); i-- > 0;) all.push_back(without_git_suffixes(all[i]));
  all.push_back(unescaped(spec));
  all.push_back(without_git_suffixes(all.back()));
  return without_doubles(std::move(all));
}

}  // namespace

caf::expected<spec_rules> spec_rules::make(const provider_settings& wanted,
                                           const std::string& section) {
  auto allowed = compile(wanted.allowed_specs, section + ".allowed_specs");
  if (!allowed) return std::move(allowed.error());
  auto banned = compile(wanted.banned_specs, section + ".banned_specs");
  if (!banned) return std::move(banned.error());
  auto high_quota = compile(wanted.high_quota_specs, section + ".high_quota_specs");
  if (!high_quota) return std::move(high_quota.error());
  spec_rules rules;
  rules.allowed_ = std::move(*allowed);
  rules.banned_ = std::move(*banned);
  rules.high_quota_ = std::move(*high_quota);
  for (size_t i = 0; i < wanted.spec_config.size(); ++i) {
    const auto& entry = wanted.spec_config[i];
    auto rule = compile(entry.pattern, section + ".spec_config[" + std::to_string(i) + "].pattern");
    if (!rule) return std::move(rule.error());
    if (entry.quota) rules.own_quotas_.emplace_back(std::move(*rule), *entry.quota);
  }
  return rules;
}

caf::error spec_rules::admit(std::string_view spec) const {
  if (spec.size() > max_spec_bytes) return check_spec(spec);
  auto refuse = [&] {
    return make_error(errc::banned_spec, "The repository " + in_quotes(spec) +
                                             " may not be launched here: the operator of this "
                                             "site does not allow it");
  };
  // Where a ban cannot be decided on, it holds.
  if (!banned_.empty() && !none_matches(banned_, all_spellings(spec))) return refuse();
  if (!allowed_.empty() && !any_matches(allowed_, same_spellings(spec))) return refuse();
  return {};
}

uint32_t spec_rules::server_quota(std::string_view spec, uint32_t usual, uint32_t higher) const {
  if (spec.size() > max_spec_bytes) return usual;
  auto quota = any_matches(high_quota_, same_spellings(spec)) ? higher : usual;
  if (own_quotas_.empty()) return quota;
  auto spellings = all_spellings(spec);
  for (const auto& [rule, own] : own_quotas_)
    if (matches(rule, spellings)) quota = own;
  return quota;
}

}  // namespace bindery
