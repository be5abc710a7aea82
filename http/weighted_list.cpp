#include "http/weighted_list.hpp"

#include <algorithm>

#include "runtime/text/same_word.hpp"

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
