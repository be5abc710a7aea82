#include "runtime/providers/spec_rules.hpp"

#include <algorithm>

#include "runtime/error.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

constexpr auto syntax = std::regex::ECMAScript |
                        std::regex::icase
#ifdef __GLIBCXX__
                        // No backtracking: neither deep recursion nor exponential time.
                        | std::regex_constants::__polynomial
#endif
    ;

caf::expected<std::vector<std::regex>> compile(const std::vector<std::string>& texts,
                                               const std::string& where) {
  std::vector<std::regex> all;
  for (const auto& text : texts) {
    try {
      all.emplace_back(text, syntax);
    } catch (const std::regex_error& why) {
      return make_error(errc::bad_settings,
                        where + ": the regular expression " + in_quotes(text) +
                            " cannot be compiled: " + why.what() +
                            ". Expected is ECMAScript syntax without back-references");
    }
  }
  return all;
}

bool matches_any(const std::vector<std::regex>& rules, const std::string& text) {
  return std::any_of(rules.begin(), rules.end(), [&](const std::regex& rule) {
    return std::regex_search(text, rule, std::regex_constants::match_continuous);
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
  return rules;
}

caf::error spec_rules::admit(std::string_view spec) const {
  if (spec.size() > max_spec_bytes) return check_spec(spec);
  auto refuse = [&] {
    return make_error(errc::banned_spec, "The repository " + in_quotes(spec) +
                                             " may not be launched here: the operator of this "
                                             "site does not allow it");
  };
  // As asked for, and as the same spec could be written otherwise.
  auto same = without_doubles({std::string{spec}, normalized(spec)});
  auto matches = [](const std::vector<std::regex>& rules, const std::vector<std::string>& texts) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const auto& text) { return matches_any(rules, text); });
  };
  if (!banned_.empty()) {
    auto forms = same;
    forms.push_back(unescaped(spec));
    for (const auto& form : same) forms.push_back(without_git_suffixes(form));
    forms.push_back(without_git_suffixes(unescaped(spec)));
    if (matches(banned_, without_doubles(std::move(forms)))) return refuse();
  }
  if (!allowed_.empty() && !matches(allowed_, same)) return refuse();
  return {};
}

}  // namespace bindery
