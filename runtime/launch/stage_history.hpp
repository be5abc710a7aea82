#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include <caf/expected.hpp>

#include "runtime/launch/stage_time.hpp"

namespace bindery {

struct stage_history_bounds {
  /// Beyond that the repository goes that was longest not recorded or asked for.
  size_t repositories = 2'000;
  /// Of each stage of each repository: the newest.
  size_t samples = 8;
};

/// How long the stages of earlier launches took, by repository. Not thread-safe.
class stage_history {
 public:
  explicit stage_history(stage_history_bounds bounds = {}) : bounds_(bounds) {}

  /// False where it is not kept: a time below 0 or above a day, a repository without a name or with
  /// one longer than 1 KiB.
  bool record(const stage_time& took);

  /// Medians; all unknown for a repository that never was recorded.
  launch_estimate estimate(const std::string& repository);

  size_t size() const { return entries_.size(); }

  /// As JSON, the repository last used first: what `read` takes.
  std::string text() const;

  /// Errors: bad_answer naming what cannot be read. What is beyond the bounds is left out.
  static caf::expected<stage_history> read(std::string_view text, stage_history_bounds bounds = {});

 private:
  struct entry {
    std::string repository;
    std::array<std::deque<int64_t>, launch_stage_count> samples;  ///< the newest last
  };

  entry* find(const std::string& repository);

  stage_history_bounds bounds_;
  std::list<entry> entries_;  ///< the last used first
  std::unordered_map<std::string, std::list<entry>::iterator> places_;
};

}  // namespace bindery
