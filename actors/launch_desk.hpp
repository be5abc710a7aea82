#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"

namespace bindery {

/// Spawns a supervisor on this node.
using supervisor_spawner =
    std::function<launch_supervisor_actor(const launch_request&, launch_sink_actor)>;

struct launch_desk_options {
  /// How long an ended launch can still be joined (a client that lost its connection). See
  /// `desk_options_of`.
  std::chrono::milliseconds keep_ended{60'000};
  /// How long a launch is kept when nobody watches it: a lost connection comes back within seconds.
  std::chrono::milliseconds rejoin_grace{8'000};
};

struct launch_desk_state {
  static inline const char* name = "launch_desk";

  explicit launch_desk_state(launch_desk_actor::pointer selfptr) : self(selfptr) {}

  launch_desk_actor::behavior_type make_behavior();

  void launch(const launch_request& request, const launch_sink_actor& sink);
  void leave(const std::string& launch_id, const launch_sink_actor& sink);
  void on_report(const std::string& launch_id, stream_event event);
  void on_timer(const std::string& launch_id);
  void on_down(const caf::down_msg& down);

  struct entry {
    launch_supervisor_actor supervisor;  ///< null until its node took it
    /// What was reported before it was known whose word counts. A node that answers too late leaves
    /// a second supervisor for one launch.
    std::vector<std::pair<caf::strong_actor_ptr, stream_event>> early;
    std::vector<launch_sink_actor> sinks;
    std::vector<stream_event> events;
    bool ended = false;
    caf::actor_clock::time_point unwatched_since;  ///< where `sinks` is empty
  };
  void place(const launch_request& request);
  void adopt(const std::string& launch_id, launch_supervisor_actor supervisor);
  void tell(const std::string& launch_id, stream_event event);
  /// Ends a supervisor whose launch is not its own any more.
  void dismiss(const caf::strong_actor_ptr& supervisor);
  void fail(const std::string& launch_id, const std::string& message, int status);

  launch_desk_actor::pointer self;
  launch_desk_options options;
  supervisor_spawner spawner;
  runner_worker_actor runner;  ///< null: launches run on this node

  std::unordered_map<std::string, entry> launches;               ///< by launch id
  std::unordered_map<caf::actor_addr, std::string> supervisors;  ///< to launch id
};

/// Launches run where `runner` places them, or on this node where it is null.
launch_desk_actor::behavior_type launch_desk(
    launch_desk_actor::stateful_pointer<launch_desk_state> self, launch_desk_options options,
    supervisor_spawner spawner, runner_worker_actor runner);

}  // namespace bindery
