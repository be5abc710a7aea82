// What masking credentials costs as lines get longer: lines made of what the mask looks for, 16
// times as long. Ends with 1 where one of them costs more than 64 times as much; work for each pair
// of places in a line would cost 256 times as much.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <limits>
#include <string>

#include "runtime/text/mask.hpp"

using namespace bindery;

namespace {

constexpr size_t short_line = 16 * 1024;
constexpr size_t long_line = 16 * short_line;
constexpr double allowed = 64;

/// This thread's own time on the processor: other work on the machine is not in it.
double now_ns() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

double cost_ns(const secret_mask& mask, const std::string& part, size_t bytes) {
  std::string line = "x";
  while (line.size() < bytes) line += part;
  auto least = std::numeric_limits<double>::max();
  for (int run = 0; run < 5; ++run) {
    auto began = now_ns();
    auto masked = mask.apply(line);
    least = std::min(least, now_ns() - began);
  }
  return least;
}

}  // namespace

int main() {
  secret_mask mask{{"sekret"}};
  bool holds = true;
  std::printf("%-28s %10s %10s %7s\n", "a line of", "16 KiB", "256 KiB", "ratio");
  for (std::string part :
       {"plain words ", "=", "://", "a=", "x://y", ":", "?token==", "?token=abc ", "&token=abc",
        "authorization:", "Authorization: Basic abc ", "\"", "\\", "\\u001b[0m", "ghp_",
        "ghp_0123456789abcdefghij ", "sekret", "http://a:b@c "}) {
    auto once = cost_ns(mask, part, short_line);
    auto longer = cost_ns(mask, part, long_line);
    auto ratio = longer / once;
    if (ratio > allowed) holds = false;
    std::printf("%-28s %7.0f us %7.0f us %7.1f\n", part.c_str(), once / 1e3, longer / 1e3, ratio);
  }
  return holds ? 0 : 1;
}
