#pragma once

#include <chrono>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/build.hpp"
#include "actors/interfaces.hpp"
#include "runtime/build/failure.hpp"
#include "runtime/build/repo2docker.hpp"
#include "runtime/text/mask.hpp"

namespace bindery {

struct local_build_options {
  /// Program name in PATH, or a path.
  std::string repo2docker = "jupyter-repo2docker";
  repo2docker_options arguments;
  /// `DOCKER_HOST` for repo2docker: the container engine that builds.
  std::string container_engine;
  /// `DOCKER_CONFIG` for repo2docker: a folder with docker's `config.json`; "" for the usual one.
  std::string docker_config_folder;
  /// Of the question which login the push of an image takes.
  std::chrono::milliseconds login_timeout{60'000};
  /// A build that takes longer is ended.
  std::chrono::milliseconds timeout{4 * 3600 * 1000};
};

/// Its timer among its messages: the held line of this number has waited long enough for its end.
using local_build_actor = process_sink_actor::extend<caf::reacts_to<line_atom, uint64_t>>;

struct local_build_state {
  static inline const char* name = "local_build";

  explicit local_build_state(local_build_actor::pointer selfptr) : self(selfptr) {}

  local_build_actor::behavior_type make_behavior();

  void start();
  /// `credentials` are JSON for `CONTAINER_ENGINE_REGISTRY_CREDENTIALS`; "" for none.
  void run(const std::string& credentials);
  caf::result<void> on_line(const std::string& line);
  /// As the sink is to hear it.
  stream_event noted(stream_event event);
  void tell_rest();
  void on_end(const process_exit& end);
  void fail(const std::string& message);
  build_end end_of(const process_exit& end) const;

  local_build_actor::pointer self;
  local_build_options options;
  build_request request;
  process_runner_actor runner;
  registry_actor registry;  ///< null where images are not pushed, or need no login of ours
  build_sink_actor sink;

  repo2docker_reader reader;
  uint64_t held_line = 0;  ///< of the newest line whose beginning was held back
  build_trace trace;
  secret_mask mask;             ///< of the login for pushing, which nobody else knows
  bool in_stack_trace = false;  ///< repo2docker itself broke
};

/// Builds one image with repo2docker as a child process and tells its log to `sink`, `built` or
/// `failed` last; the login that the push took is in nothing that it tells. When it ends, so does
/// the child.
local_build_actor::behavior_type local_build(
    local_build_actor::stateful_pointer<local_build_state> self, local_build_options options,
    build_request request, process_runner_actor runner, registry_actor registry,
    build_sink_actor sink);

/// The backend for builds on this machine. `registry` says which login the push of an image takes,
/// and an image with a login is pushed whatever the arguments say; null for builds without.
build_backend make_local_backend(local_build_options options, process_runner_actor runner,
                                 registry_actor registry = {});

}  // namespace bindery
