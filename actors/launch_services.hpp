#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "actors/interfaces.hpp"
#include "actors/launcher.hpp"
#include "runtime/launch/pre_launch.hpp"
#include "runtime/providers/provider.hpp"

namespace bindery {

/// How a launch ended, for metrics, event log and log.
struct launch_outcome {
  const launch_request& request;
  /// Empty where the launch failed before its repository was resolved.
  const std::optional<resolved_repository>& repository;
  /// Empty where the launch succeeded.
  const caf::error& failure;
  /// Attempts at launching a server; 0 where it did not come to that.
  uint32_t attempts = 0;
  /// From the first attempt to the end; 0 where it did not come to that.
  std::chrono::milliseconds launch_time{0};
  /// The client left before the end.
  bool abandoned = false;
};

/// What every launch on this node works with. Filled once before the node takes launches and never
/// changed, so supervisors read it from any thread; it goes with the last launch that uses it.
struct launch_services {
  /// The provider of a prefix, or null.
  std::function<const repo_provider*(std::string_view)> find_provider;
  /// Fails where the operator does not allow this spec.
  std::function<caf::error(const repo_provider&, std::string_view spec)> admit;
  /// How many servers of the spec's repository may run; 0 for no quota.
  std::function<uint32_t(const repo_provider&, std::string_view spec)> repo_quota;
  /// Image and build name, and credentials, of a resolved repository.
  std::function<build_request(const resolved_repository&)> plan_build;
  user_namer name_user;
  token_source new_token;
  launcher_options launching;
  /// The operator's own check, just before a server is asked for.
  pre_launch_options pre_launch;
  /// Clients may ask for `build_only`.
  bool allow_build_only = false;
  /// Longest time from spec to commit, notices included.
  std::chrono::milliseconds resolve_timeout{120'000};
  /// Longest time for the question whether the image exists.
  std::chrono::milliseconds image_timeout{60'000};
  /// Longest time for the question whether a quota is reached: the hub's servers may be counted.
  std::chrono::milliseconds quota_timeout{120'000};

  http_client_actor http;
  git_actor git;
  registry_actor registry;
  build_directory_actor builds;
  /// Logs of this node's failed builds; null where none are kept.
  build_logs_actor build_logs;
  jupyterhub_actor hub;
  /// Null: nothing is limited.
  launch_quota_actor quota;

  std::function<void(const launch_request&)> on_begin;
  /// The image is there, a server is about to be asked for.
  std::function<void(const launch_request&)> on_launching;
  std::function<void(const launch_outcome&)> on_end;
  /// A stage of a launch, not of its build, went well.
  std::function<void(const stage_time&)> on_stage;
};

}  // namespace bindery
