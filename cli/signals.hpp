#pragma once

#include <chrono>

namespace bindery {

/// Ctrl-C, SIGTERM and SIGHUP as something to wait for. Make it before any thread exists: all
/// threads inherit that these signals are blocked.
class end_signals {
 public:
  end_signals();
  /// Blocks until one arrives or `raise` was called.
  void wait() const;
  /// True where one has arrived within `time`.
  bool wait_for(std::chrono::milliseconds time) const;
  /// Ends every wait, as a signal would. From any thread.
  static void raise();
  /// From now on the process ends hard after `deadline`, or with the next signal, whatever hangs.
  void end_within(std::chrono::seconds deadline) const;
};

}  // namespace bindery
