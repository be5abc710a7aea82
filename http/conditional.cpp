#include "http/conditional.hpp"

#include <array>
#include <ctime>

namespace bindery {

namespace {

constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Weak comparison with one element of a list.
bool names(std::string_view element, std::string_view tag) {
  while (!element.empty() && (element.front() == ' ' || element.front() == '\t'))
    element.remove_prefix(1);
  while (!element.empty() && (element.back() == ' ' || element.back() == '\t'))
    element.remove_suffix(1);
  if (element.starts_with("W/")) element.remove_prefix(2);
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return element == "*" || element == tag;
}

}  // namespace

// Not with strftime and strptime, whose names follow the process's locale.
std::string http_date(std::time_t when) {
  std::tm parts{};
  gmtime_r(&when, &parts);
  std::array<char, 40> text{};
  auto size = std::strftime(text.data(), text.size(), " %Y %H:%M:%S GMT", &parts);
  auto day = std::to_string(parts.tm_mday);
  return std::string{days[static_cast<size_t>(parts.tm_wday)]} + ", " +
         (day.size() == 1 ? "0" : "") + day + " " + months[static_cast<size_t>(parts.tm_mon)] +
         std::string{text.data(), size};
}

std::optional<std::time_t> read_http_date(const std::string& text) {
  constexpr size_t length = 29;
  if (text.size() != length) return std::nullopt;
  auto number = [&](size_t at, size_t digits) {
    int value = 0;
    for (char c : text.substr(at, digits))
      value = c < '0' || c > '9' || value < 0 ? -1 : value * 10 + (c - '0');
    return value;
  };
  std::tm parts{};
  parts.tm_mday = number(5, 2);
  parts.tm_mon = -1;
  for (size_t i = 0; i < months.size(); ++i)
    if (text.substr(8, 3) == months[i]) parts.tm_mon = static_cast<int>(i);
  parts.tm_year = number(12, 4) - 1900;
  parts.tm_hour = number(17, 2);
  parts.tm_min = number(20, 2);
  parts.tm_sec = number(23, 2);
  auto when = timegm(&parts);
  if (http_date(when) != text) return std::nullopt;  // in this form, and a date that there is
  return when;
}

bool is_current(const known_version& known, std::string_view tag, std::time_t modified) {
  if (known.if_none_match.empty()) {
    auto since = read_http_date(std::string{known.if_modified_since});
    return since && modified <= *since;
  }
  // Our tags hold no comma.
  for (auto list = known.if_none_match;;) {
    auto comma = list.find(',');
    if (names(list.substr(0, comma), tag)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace bindery
