#pragma once

#include <chrono>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/interfaces.hpp"

namespace bindery {

/// Where a failure says that the log of its build is.
struct build_log_place {
  /// Under which the launch's client reaches its node, with trailing slash; "" names no log.
  std::string url;
  /// This node's; null where it keeps none.
  build_logs_actor ours;
  /// Those of the client's node where that is another one: it is given a copy. Null where the
  /// client reaches this node, or one that keeps none.
  build_logs_actor clients;
  /// Of the copy; the failure is told without a log where it takes longer.
  std::chrono::milliseconds patience{10'000};
};

struct builder_state {
  static inline const char* name = "builder";

  explicit builder_state(builder_actor::pointer selfptr) : self(selfptr) {}

  builder_actor::behavior_type make_behavior();

  caf::result<void> run();
  void ask();
  void on_down();
  void pass_on(stream_event event);
  void on_event(stream_event& event);
  void fail(caf::error why);
  /// Fails with the build's own words, which name its log once the client can read it.
  void fail_with_log(const std::string& words, const std::string& log);

  builder_actor::pointer self;
  build_directory_actor directory;
  build_request request;
  launch_supervisor_actor supervisor;
  build_log_place logs;
  build_actor build;
  uint32_t asked = 0;
  bool heard = false;       ///< anything of `build`
  uint64_t told_bytes = 0;  ///< of the build's log
  caf::response_promise done;
};

/// Has `request` built and passes on what the build says, without `built` and `failed`, which
/// become its answer. Of the log no more than the first 4 MiB: what a launch says is kept for
/// clients that come back. A failure names the address of the build's log, as `logs` has it.
builder_actor::behavior_type builder(builder_actor::stateful_pointer<builder_state> self,
                                     build_directory_actor directory, build_request request,
                                     launch_supervisor_actor supervisor, build_log_place logs);

}  // namespace bindery
