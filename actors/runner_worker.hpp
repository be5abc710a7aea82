#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <caf/node_id.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"

namespace bindery {

/// Name under which a node offers its launch supervisors to `remote_spawn`.
inline constexpr const char* supervisor_type_name = "launch_supervisor";

/// Where a node listens for its peers.
struct node_address {
  std::string host;
  uint16_t port = 0;
};

struct runner_worker_options {
  std::vector<node_address> runners;
  /// Where this node keeps logs of failed builds; null where it keeps none.
  build_logs_actor logs;
  /// For a node to take a connection.
  std::chrono::milliseconds dial_timeout{3'000};
  /// A node that did not even refuse is passed over for so long, lest every launch waits for it.
  std::chrono::milliseconds silence_memory{30'000};
  /// For spawning on a node that is connected.
  std::chrono::milliseconds spawn_timeout{5'000};
};

struct runner_worker_state {
  static inline const char* name = "runner_worker";

  explicit runner_worker_state(runner_worker_actor::pointer selfptr) : self(selfptr) {}

  runner_worker_actor::behavior_type make_behavior();

  caf::expected<launch_supervisor_actor> run(const launch_request& request,
                                             const launch_sink_actor& sink);
  caf::error connect(size_t index);
  caf::expected<launch_supervisor_actor> run_on(size_t index, const launch_request& request,
                                                const launch_sink_actor& sink);

  runner_worker_actor::pointer self;
  runner_worker_options options;
  std::vector<std::optional<caf::node_id>> nodes;  ///< beside `options.runners`, once connected
  std::vector<caf::actor_clock::time_point> silent_until;  ///< beside `options.runners`
  size_t next = 0;
};

/// Spawn it `caf::detached`: it blocks while it dials and spawns. Takes the runners in turn and
/// passes over those that do not answer.
runner_worker_actor::behavior_type runner_worker(
    runner_worker_actor::stateful_pointer<runner_worker_state> self, runner_worker_options options);

}  // namespace bindery
