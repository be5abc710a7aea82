#include "runtime/text/timestamp.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace bindery {

namespace {

std::string utc(std::chrono::system_clock::time_point when, int digits) {
  auto second = std::chrono::floor<std::chrono::seconds>(when);
  auto fraction = std::chrono::duration_cast<std::chrono::microseconds>(when - second).count();
  for (int i = digits; i < 6; ++i) fraction /= 10;
  auto time = std::chrono::system_clock::to_time_t(second);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 32> date{};
  auto length = std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 32> rest{};
  std::snprintf(rest.data(), rest.size(), ".%0*ldZ", digits, static_cast<long>(fraction));
  return std::string(date.data(), length) + rest.data();
}

}  // namespace

std::string utc_milliseconds(std::chrono::system_clock::time_point when) {
  return utc(when, 3);
}

std::string utc_microseconds(std::chrono::system_clock::time_point when) {
  return utc(when, 6);
}

}  // namespace bindery
