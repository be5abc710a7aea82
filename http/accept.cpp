#include "http/accept.hpp"

#include <algorithm>
#include <string>

namespace bindery {

namespace {

std::string_view take(std::string_view& rest, char mark) {
  auto end = std::min(rest.find(mark), rest.size());
  auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  while (!part.empty() && (part.front() == ' ' || part.front() == '\t')) part.remove_prefix(1);
  while (!part.empty() && (part.back() == ' ' || part.back() == '\t')) part.remove_suffix(1);
  return part;
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

/// `q=0`, `q=0.`, `q=0.000`
bool is_zero_weight(std::string_view parameter) {
  auto text = lower(parameter);
  return text.rfind("q=0", 0) == 0 && text.find_first_not_of("0.", 2) == std::string::npos;
}

}  // namespace

bool names_event_stream(std::string_view accept) {
  while (!accept.empty()) {
    auto range = take(accept, ',');
    if (lower(take(range, ';')) != "text/event-stream") continue;
    bool refused = false;
    while (!range.empty()) refused = is_zero_weight(take(range, ';')) || refused;
    if (!refused) return true;
  }
  return false;
}

}  // namespace bindery
