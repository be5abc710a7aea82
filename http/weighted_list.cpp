#include "http/weighted_list.hpp"

#include <algorithm>

namespace bindery {

std::string_view take_item(std::string_view& rest, char mark) {
  auto end = std::min(rest.find(mark), rest.size());
  auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!part.empty() && blank(part.front())) part.remove_prefix(1);
  while (!part.empty() && blank(part.back())) part.remove_suffix(1);
  return part;
}

bool same_word(std::string_view left, std::string_view right) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

int weight_of(std::string_view parameters) {
  while (!parameters.empty()) {
    auto one = take_item(parameters, ';');
    if (one.size() < 2 || !same_word(one.substr(0, 2), "q=")) continue;
    one.remove_prefix(2);
    if (one.empty() || (one[0] != '0' && one[0] != '1') || (one.size() > 1 && one[1] != '.') ||
        one.size() > 5)
      return 0;
    int weight = (one[0] - '0') * 1000, unit = 100;
    for (char c : one.substr(std::min<size_t>(2, one.size()))) {
      if (c < '0' || c > '9') return 0;
      weight += (c - '0') * unit;
      unit /= 10;
    }
    return std::min(weight, 1000);
  }
  return 1000;
}

}  // namespace bindery
