#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <caf/expected.hpp>

#include "runtime/event_log/launch_record.hpp"

namespace bindery {

/// The record's line, without its break: one JSON object with `timestamp` (UTC, microseconds, `Z`),
/// `schema`, `version` and the record's fields. ASCII; invalid UTF-8 replaced by U+FFFD.
std::string event_line(const launch_record& record, std::chrono::system_clock::time_point when);

/// How much of the event log is kept on disk.
struct event_log_bounds {
  size_t max_file_bytes = 32UL * 1024 * 1024;
  size_t old_files = 9;  ///< kept beside the current one: `launches.1.log`, `launches.2.log`, ...
};

/// One JSON line per launch, for whoever counts them later. Thread-safe. A file must belong to one
/// node alone.
class event_log {
 public:
  /// `where`: path of a file (made with mode 0600, appended to, rotated by size), `-` for standard
  /// output, "" for none. Fails with `io_failed` where the file cannot be written.
  static caf::expected<event_log> open(const std::string& where, event_log_bounds bounds = {});

  event_log(event_log&&) noexcept;
  event_log& operator=(event_log&&) noexcept;
  ~event_log();

  /// Writes the record with the present time. Never throws. A record that cannot be written is
  /// lost; the operator's log tells of the first one lost and, with their number, when writing
  /// works again.
  void write(const launch_record& record) noexcept;

 private:
  struct state;
  explicit event_log(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

}  // namespace bindery
