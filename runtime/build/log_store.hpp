#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <caf/expected.hpp>

namespace bindery {

/// A part of a kept build log.
struct build_log_piece {
  uint64_t total_bytes = 0;  ///< of the whole log
  std::string text;          ///< from where it was asked for; "" at the end
};

struct build_log_bounds {
  uint64_t bytes = 0;           ///< of all logs together
  std::chrono::seconds age{0};  ///< of each
};

/// Logs of failed builds in a folder: one file each, for its owner alone, named by an id that
/// nobody can guess. What is older than the bounds allow goes, the oldest first. Several processes
/// may use one folder. Every call reads or writes files.
class build_log_store {
 public:
  using clock = std::chrono::system_clock;

  /// Makes the folder where it is missing. Errors: io_failed, naming folder and reason, where it
  /// cannot be written.
  static caf::expected<build_log_store> open(std::string folder, build_log_bounds bounds);

  /// Keeps a log; its id. One that is larger than all bounds keeps its end. Errors: io_failed.
  caf::expected<std::string> keep(const std::string& text, clock::time_point now) const;

  /// Keeps a copy of a log that another store has under `id`. Errors: bad_request where that is no
  /// id, io_failed.
  caf::error keep_copy(const std::string& id, const std::string& text, clock::time_point now) const;

  bool has(const std::string& id) const;

  /// At most `most` bytes from `offset`. Errors: unresolvable_ref where there is no such log (any
  /// more), io_failed.
  caf::expected<build_log_piece> read(const std::string& id, uint64_t offset, size_t most) const;

  const build_log_bounds& bounds() const { return bounds_; }

  /// Removes what is beyond the bounds, and what a crash left unfinished.
  void prune(clock::time_point now) const;

 private:
  caf::error write(const std::string& id, std::string_view text, clock::time_point now) const;
  build_log_store(std::string folder, build_log_bounds bounds)
      : folder_(std::move(folder)), bounds_(bounds) {}

  std::string folder_;
  build_log_bounds bounds_;
};

/// 24 chars of `[a-z0-9]`: what an id of a kept log looks like.
bool is_build_log_id(std::string_view text);

}  // namespace bindery
