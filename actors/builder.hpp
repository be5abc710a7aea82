#pragma once

#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/interfaces.hpp"

namespace bindery {

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

  builder_actor::pointer self;
  build_directory_actor directory;
  build_request request;
  launch_supervisor_actor supervisor;
  std::string own_url;
  build_actor build;
  uint32_t asked = 0;
  bool heard = false;       ///< anything of `build`
  uint64_t told_bytes = 0;  ///< of the build's log
  caf::response_promise done;
};

/// Has `request` built and passes on what the build says, without `built` and `failed`, which
/// become its answer. Of the log no more than the first 4 MiB: what a launch says is kept for
/// clients that come back. A failure names the address of the build's log below `own_url`, under
/// which the launch's client reaches us (with trailing slash); "" where it reaches another node,
/// which does not have the log.
builder_actor::behavior_type builder(builder_actor::stateful_pointer<builder_state> self,
                                     build_directory_actor directory, build_request request,
                                     launch_supervisor_actor supervisor, std::string own_url);

}  // namespace bindery
