#include "runtime/settings/class_name.hpp"

#include <algorithm>

namespace bindery {

namespace {

bool take_around(std::string_view& text, std::string_view before, std::string_view after) {
  if (text.size() < before.size() + after.size() || !text.starts_with(before) ||
      !text.ends_with(after))
    return false;
  text.remove_prefix(before.size());
  text.remove_suffix(after.size());
  return true;
}

bool word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::string binderhub_class_name(std::string_view text) {
  take_around(text, "<class ", ">");
  if (!take_around(text, "'", "'")) take_around(text, "\"", "\"");
  auto dot = text.rfind('.');
  if (dot != std::string_view::npos) {
    if (!text.starts_with("binderhub.")) return {};
    text.remove_prefix(dot + 1);
  }
  bool good = !text.empty() && std::all_of(text.begin(), text.end(), word_char);
  return good ? std::string{text} : std::string{};
}

}  // namespace bindery
