#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <caf/error.hpp>

#include "runtime/process/process.hpp"

namespace bindery {

/// Told about one child, on the engine's own thread: be quick, never block.
struct process_listener {
  /// A line from standard output (1) or standard error (2).
  std::function<void(int32_t from, std::string line)> on_line;
  /// It ended, all its lines were told.
  std::function<void(const process_exit& end)> on_end;
  /// It could not be started; nothing else is told.
  std::function<void(caf::error why)> on_failure;
};

/// Runs child processes: one thread for all of them, no thread per child. A child whose lines are
/// not consumed is not read any further, so that a flood of output waits in its own pipe.
class process_engine {
 public:
  /// What lines that were told and are not yet consumed may cost, per child.
  static constexpr size_t max_unconsumed_bytes = 1024 * 1024;

  /// What a line costs while it is on its way: a message has more than its text.
  static size_t cost_of(const std::string& line) { return line.size() + 128; }

  process_engine();
  /// Ends every child: SIGTERM, and SIGKILL after its grace.
  ~process_engine();
  process_engine(const process_engine&) = delete;
  process_engine& operator=(const process_engine&) = delete;

  /// Starts a child soon; the ticket is its name here.
  uint64_t start(process_spec spec, process_listener listener);
  /// SIGTERM to the child's process group, SIGKILL after its grace. Unknown tickets are ignored.
  void stop(uint64_t ticket);
  /// Told lines that cost so much were dealt with.
  void consumed(uint64_t ticket, size_t bytes);

 private:
  class loop;
  std::unique_ptr<loop> loop_;
};

}  // namespace bindery
