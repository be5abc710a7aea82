#include "runtime/providers/absence_cache.hpp"

namespace bindery {

void absence_cache::add(const std::string& url, time_point now) {
  std::lock_guard guard{mutex_};
  since_.put(url, now);
}

bool absence_cache::holds(const std::string& url, time_point now) {
  std::lock_guard guard{mutex_};
  const auto* since = since_.find(url);
  if (since == nullptr) return false;
  if (*since <= now && now - *since < max_age_) return true;
  since_.erase(url);
  return false;
}

}  // namespace bindery
