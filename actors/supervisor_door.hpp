#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include <caf/actor_control_block.hpp>
#include <caf/stateful_actor.hpp>

#include "actors/interfaces.hpp"
#include "actors/launch_services.hpp"
#include "actors/launch_supervisor.hpp"

namespace bindery {

/// Where launches from other nodes come in. The actor system must know it before any node exists,
/// so it is opened and closed afterwards. Used from any thread.
class supervisor_door {
 public:
  void open(std::shared_ptr<const launch_services> services);
  /// Refuses further launches and ends those that came in here.
  void close();

  /// Makes `self` the supervisor of `request`; behind a closed door one that only fails.
  launch_supervisor_actor::behavior_type enter(
      launch_supervisor_actor::stateful_pointer<launch_supervisor_state> self,
      const launch_request& request, const launch_sink_actor& sink,
      const build_logs_actor& client_logs);

 private:
  std::mutex mutex_;
  std::shared_ptr<const launch_services> services_;
  std::vector<caf::weak_actor_ptr> inside_;  ///< supervisors, some of them ended
  size_t sweep_at_ = 64;
};

}  // namespace bindery
