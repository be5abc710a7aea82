#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "runtime/providers/preview.hpp"

namespace bindery {

struct preview_cache_bounds {
  /// Beyond that what was longest not asked for goes.
  size_t bytes = size_t{16} * 1024 * 1024;
};

/// Previews by spec, and which specs have none, each for a while. Not thread-safe.
class preview_cache {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  /// Null where there is nothing to show.
  using known = std::shared_ptr<const repository_preview>;

  explicit preview_cache(preview_cache_bounds bounds = {}) : bounds_(bounds) {}

  /// Nothing where the spec has to be asked for.
  std::optional<known> find(const std::string& spec, time_point now);
  void put(const std::string& spec, known what, time_point until);

  size_t bytes() const { return bytes_; }

 private:
  struct entry {
    std::string spec;
    known what;
    time_point until;
    size_t bytes = 0;
  };

  void erase(std::list<entry>::iterator place);

  preview_cache_bounds bounds_;
  size_t bytes_ = 0;
  std::list<entry> entries_;  ///< the last asked for first
  std::unordered_map<std::string, std::list<entry>::iterator> places_;
};

}  // namespace bindery
