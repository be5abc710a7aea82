#pragma once

#include <chrono>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"
#include "runtime/launch/stage_history.hpp"

namespace bindery {

struct launch_history_options {
  /// Where the history is kept; "" forgets it with the process.
  std::string file;
  stage_history_bounds bounds;
  /// From the first stage that the file does not know until it is written.
  std::chrono::milliseconds save_delay{10'000};
};

struct launch_history_state {
  static inline const char* name = "launch_history";

  explicit launch_history_state(launch_history_actor::pointer selfptr) : self(selfptr) {}

  launch_history_actor::behavior_type make_behavior();

  void load();
  void record(const stage_time& took);
  void save();

  launch_history_actor::pointer self;
  launch_history_options options;
  stage_history history;
  bool unsaved = false;
};

/// Reads the file at once; spawn it `caf::detached`, for it reads and writes files. A file that
/// cannot be read or written is told in the log, and then this process alone knows the history.
launch_history_actor::behavior_type launch_history(
    launch_history_actor::stateful_pointer<launch_history_state> self,
    launch_history_options options);

}  // namespace bindery
