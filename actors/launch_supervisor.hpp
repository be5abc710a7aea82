#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/builder.hpp"
#include "actors/interfaces.hpp"
#include "actors/launch_services.hpp"

namespace bindery {

/// One launch, from spec to server. Its children do one step each; it alone decides what is next.
///
///     resolve ─→ look for the image ─┬─ found ────────────────────→ launch ─→ start ─→ ready
///        │            │              └─ absent ─→ quota ─→ build ────┘ │         │
///        └────────────┴──────────────────────────────┴────────┴────────┴─────────┴──→ failed
///
/// `launch` is what may forbid a server: the quotas, then the operator's own check.
struct launch_supervisor_state {
  static inline const char* name = "launch_supervisor";

  explicit launch_supervisor_state(launch_supervisor_actor::pointer selfptr) : self(selfptr) {}

  launch_supervisor_actor::behavior_type make_behavior();

  void resolve();
  void look_for_image(resolved_repository found);
  void image_missing();
  void build_image();
  void image_there(bool found);
  void launch();
  void ask_operator();
  void start_server();
  void ready(const launched_server& server);
  void fail(const caf::error& why);
  void on_child_end(const caf::error& reason);
  void wait();
  void go_on();
  void leave();

  void remove(const launched_server& server);
  quota_claim claim() const;
  build_log_place log_place() const;
  server_plan server() const;
  void emit(stream_event event);
  void note_stage(launch_stage what, caf::actor_clock::time_point began);
  void end(const caf::error& failure, uint32_t attempts);

  launch_supervisor_actor::pointer self;
  std::shared_ptr<const launch_services> services;
  launch_request request;
  launch_sink_actor sink;
  build_logs_actor client_logs;

  std::string repository_name;  ///< `repository_key`
  std::optional<resolved_repository> repository;
  build_request plan;
  resolver_actor resolving;
  builder_actor building;
  launcher_actor launching;
  std::optional<caf::actor_clock::time_point> launch_began;  ///< its newest attempt
  uint64_t last_number = 0;
  bool ended = false;
  bool abandoned = false;
  bool unwatched = false;
  bool image_waits = false;                ///< there, but nobody watches
  std::optional<launched_server> arrived;  ///< ready, but nobody watches
};

/// Starts at once; every event goes to `sink`, `ready` or `failed` last, then the actor quits.
/// Where the sink is on another node, that node keeps logs of failed builds in `client_logs`; null
/// where it keeps none.
launch_supervisor_actor::behavior_type launch_supervisor(
    launch_supervisor_actor::stateful_pointer<launch_supervisor_state> self,
    std::shared_ptr<const launch_services> services, launch_request request, launch_sink_actor sink,
    build_logs_actor client_logs);

}  // namespace bindery
