#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include <caf/actor.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"
#include "runtime/build/stage_clock.hpp"
#include "runtime/text/mask.hpp"

namespace bindery {

/// Starts what really builds (a local repo2docker, a pod, ...) and has it tell its events to the
/// sink, `built` or `failed` last. The returned actor ends its work when it is told to exit.
using build_backend =
    std::function<caf::actor(caf::actor_system&, const build_request&, build_sink_actor)>;

/// Told how a build ended, for metrics and log.
using build_observer =
    std::function<void(const build_request&, bool ok, std::chrono::milliseconds took)>;

struct build_options {
  /// Kept events take at most this much; the oldest are left out, and a late subscriber is told.
  uint64_t max_log_bytes = 8 * 1024 * 1024;
  /// How long a build that made an image still answers late subscribers.
  std::chrono::milliseconds linger{30'000};
  /// Longest wait for a failed build's log to be kept, before its failure is told without one.
  std::chrono::milliseconds keep_timeout{5'000};
  /// Hidden wherever they occur in the log, beside the credentials of the request itself.
  std::vector<std::string> secrets;
  /// Told how long each stage of a build took that made an image.
  std::function<void(const stage_time&)> on_stage;
  /// Keeps the log of a build that failed; null keeps none.
  build_logs_actor logs;
};

struct build_state {
  static inline const char* name = "build";

  explicit build_state(build_actor::pointer selfptr) : self(selfptr) {}
  ~build_state();
  build_state(const build_state&) = delete;
  build_state& operator=(const build_state&) = delete;

  build_actor::behavior_type make_behavior();

  void subscribe(const build_sink_actor& sink, uint64_t after);
  void leave(const build_sink_actor& sink);
  void tell_wait(uint64_t ahead);
  void start_backend();
  void record(stream_event event);
  /// Has the log kept, then tells the failure with its id as `build_log`.
  void fail(stream_event event);
  void admit(stream_event event);
  void note_stages();
  void on_down(const caf::down_msg& down);
  void end_if_unwanted();
  void end();

  build_actor::pointer self;
  build_options options;
  build_request request;
  build_backend backend;
  build_observer observer;
  build_directory_actor directory;

  caf::actor running;  ///< the backend's actor, once started
  std::chrono::steady_clock::time_point started_at;
  std::deque<stream_event> kept;
  uint64_t kept_bytes = 0;
  uint64_t last_number = 0;
  build_stage_clock stages;
  secret_mask mask;
  bool failing = false;  ///< only the keeping of its log is awaited
  bool ended = false;
  std::unordered_map<caf::actor_addr, build_sink_actor> sinks;
};

/// One build of one image. No credential gets past it into its events or its log. Registers its end
/// with `directory`, then lingers for those who were sent to it. One whose askers have all left
/// before it got a slot ends without building.
build_actor::behavior_type build(build_actor::stateful_pointer<build_state> self,
                                 build_options options, build_request request,
                                 build_backend backend, build_observer observer,
                                 build_directory_actor directory);

}  // namespace bindery
