#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>
#include <caf/scoped_actor.hpp>

#include "local/part.hpp"
#include "local/step.hpp"

namespace bindery {

/// The parts of a stack that run, in the order of their start. Used by one thread, which waits;
/// only `cancel` may be called from others.
class crew {
 public:
  crew(caf::actor_system& system, process_runner_actor runner, http_client_actor http)
      : self_(system), runner_(std::move(runner)), http_(std::move(http)) {}

  /// Starts a part; `wait` finds out what becomes of it.
  void add(part_options options);
  bool has(const std::string& name) const;
  /// Waits until the part of this name serves. Errors: as `part_actor`.
  caf::error wait(const std::string& name);
  /// Runs a step to its end and hands back its output. Errors: as `step_actor`.
  caf::expected<std::string> run(step_options options);
  /// One request. Errors: as `http_client_actor`.
  caf::expected<http_response> fetch(http_request request);
  /// All at once; those that failed are left out of the answers.
  std::vector<http_response> fetch_all(std::vector<http_request> requests);

  /// Who waits hears `cancelled`, now and from now on.
  void cancel();
  bool cancelled();
  /// Ends one part and waits for its end. One that is not there is fine.
  void stop(const std::string& name);
  /// Ends all, newest first.
  void stop_all();

 private:
  struct member {
    std::string name;
    part_actor actor;
    std::chrono::milliseconds stop_grace;
  };

  void stop(const member& one);
  /// Has `how` called by `cancel` while this thread waits. False where it is cancelled already.
  bool begin_wait(std::function<void()> how);
  void end_wait();

  caf::scoped_actor self_;
  process_runner_actor runner_;
  http_client_actor http_;
  std::vector<member> members_;
  std::mutex mutex_;  ///< over what follows
  bool cancelled_ = false;
  std::function<void()> cancel_wait_;
};

}  // namespace bindery
