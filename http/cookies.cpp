#include "http/cookies.hpp"

#include <algorithm>

namespace bindery {

namespace {

constexpr size_t most_cookies = 100;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<std::pair<std::string_view, std::string_view>> read_cookies(std::string_view field) {
  std::vector<std::pair<std::string_view, std::string_view>> cookies;
  while (!field.empty() && cookies.size() < most_cookies) {
    auto part = field.substr(0, field.find(';'));
    field.remove_prefix(std::min(part.size() + 1, field.size()));
    auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    auto value = trimmed(part.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    cookies.emplace_back(trimmed(part.substr(0, equals)), value);
  }
  return cookies;
}

bool is_cookie_name(std::string_view name) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
  });
}

std::string cookie_text(std::string_view name, std::string_view value, const cookie_rules& rules) {
  std::string text{name};
  text.append("=").append(value).append("; Path=").append(rules.path);
  text.append("; Max-Age=").append(std::to_string(rules.max_age.count()));
  text += "; SameSite=Lax";
  if (rules.http_only) text += "; HttpOnly";
  if (rules.secure) text += "; Secure";
  return text;
}

}  // namespace bindery
