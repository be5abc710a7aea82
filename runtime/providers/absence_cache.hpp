#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

#include "runtime/providers/lru_map.hpp"

namespace bindery {

/// Remembers for a while what an upstream does not have, so that a dead link costs it one request.
/// Thread-safe. The caller brings the time.
class absence_cache {
 public:
  using time_point = std::chrono::system_clock::time_point;

  explicit absence_cache(std::chrono::seconds max_age = std::chrono::seconds{300},
                         size_t capacity = 1'024)
      : max_age_(max_age), since_(capacity) {}

  void add(const std::string& url, time_point now);

  /// True for `max_age` after `add`. An entry from the future (the clock was set) does not count.
  bool holds(const std::string& url, time_point now);

 private:
  std::chrono::seconds max_age_;
  std::mutex mutex_;
  lru_map<time_point> since_;
};

}  // namespace bindery
