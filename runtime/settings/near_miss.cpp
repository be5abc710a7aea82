#include "runtime/settings/near_miss.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <vector>

namespace bindery {

namespace {

size_t distance(std::string_view left, std::string_view right) {
  std::vector<size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= left.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= right.size(); ++j) {
      auto above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (left[i - 1] != right[j - 1])});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::string near_miss(const std::set<std::string>& known, const std::string& name) {
  const std::string* best = nullptr;
  size_t least = 4;
  for (const auto& candidate : known)
    if (auto d = distance(candidate, name); d < least) {
      least = d;
      best = &candidate;
    }
  return best ? "; did you mean " + *best + "?" : "";
}

}  // namespace bindery
