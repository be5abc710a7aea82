#pragma once

#include <chrono>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/build.hpp"
#include "actors/interfaces.hpp"
#include "runtime/build/failure.hpp"
#include "runtime/build/repo2docker.hpp"

namespace bindery {

struct local_build_options {
  /// Program name in PATH, or a path.
  std::string repo2docker = "jupyter-repo2docker";
  repo2docker_options arguments;
  /// `DOCKER_HOST` for repo2docker: the container engine that builds.
  std::string container_engine;
  /// JSON for `CONTAINER_ENGINE_REGISTRY_CREDENTIALS`; "" for none. A secret.
  std::string registry_credentials;
  /// A build that takes longer is ended.
  std::chrono::milliseconds timeout{4 * 3600 * 1000};
};

struct local_build_state {
  static inline const char* name = "local_build";

  explicit local_build_state(process_sink_actor::pointer selfptr) : self(selfptr) {}

  process_sink_actor::behavior_type make_behavior();

  void start();
  caf::result<void> on_line(const std::string& line);
  void on_end(const process_exit& end);
  void fail(const std::string& message);
  build_end end_of(const process_exit& end) const;

  process_sink_actor::pointer self;
  local_build_options options;
  build_request request;
  process_runner_actor runner;
  build_sink_actor sink;

  phase current = phase::fetching;
  build_trace trace;
};

/// Builds one image with repo2docker as a child process and tells its log to `sink`, `built` or
/// `failed` last. When it ends, so does the child.
process_sink_actor::behavior_type local_build(
    process_sink_actor::stateful_pointer<local_build_state> self, local_build_options options,
    build_request request, process_runner_actor runner, build_sink_actor sink);

/// The backend for builds on this machine.
build_backend make_local_backend(local_build_options options, process_runner_actor runner);

}  // namespace bindery
