#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace bindery {

/// Tells people on standard output what goes on, one line at a time with the time since the start.
/// From any thread.
class progress_printer {
 public:
  progress_printer();
  void say(const std::string& line);
  /// An event of a launch. Of a build's log only what is new to read is printed: progress of a push
  /// is told once per phase.
  void event(const std::string& phase, const std::string& message);

 private:
  std::mutex mutex_;
  std::chrono::steady_clock::time_point began_;
  std::string last_phase_;
};

}  // namespace bindery
