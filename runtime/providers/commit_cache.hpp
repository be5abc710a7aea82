#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "runtime/providers/lru_map.hpp"

namespace bindery {

/// What an upstream answered to one URL, and the entity tag to ask with whether that still holds.
struct known_commit {
  std::string etag;
  std::string commit;
};

/// The answers of an upstream by URL, the longest unused forgotten first. Thread-safe.
class commit_cache {
 public:
  explicit commit_cache(size_t capacity = 1'024) : commits_(capacity) {}

  std::optional<known_commit> find(const std::string& url);

  /// Keeps the answer. Without an entity tag that could go into a header it is forgotten instead,
  /// since nobody could ask whether it still holds.
  void store(const std::string& url, known_commit answer);

 private:
  std::mutex mutex_;
  lru_map<known_commit> commits_;
};

}  // namespace bindery
