#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <caf/expected.hpp>

#include "actors/build.hpp"
#include "actors/build_logs.hpp"
#include "actors/container_engine.hpp"
#include "actors/git.hpp"
#include "actors/jupyterhub.hpp"
#include "actors/launch_desk.hpp"
#include "actors/launch_history.hpp"
#include "actors/launch_quota.hpp"
#include "actors/launcher.hpp"
#include "actors/local_build.hpp"
#include "actors/login.hpp"
#include "actors/rate_limit.hpp"
#include "actors/registry.hpp"
#include "actors/registry_helper.hpp"
#include "actors/runner_worker.hpp"
#include "runtime/launch/pre_launch.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

/// Each service actor's options, as the settings have them.
struct node_wiring {
  launcher_options launching;
  std::chrono::milliseconds resolve_timeout{0};
  git_options git;
  container_engine_options engine;
  registry_options registry;
  registry_helper_options registry_helper;
  /// See `registry_plan`. A secret.
  std::string docker_config;
  /// Where the folder that it is put into is made; see `private_folder`.
  std::string private_place;
  jupyterhub_options hub;
  std::optional<login_options> logins;
  local_build_options building;
  build_options builds;
  build_logs_options build_logs;
  launch_history_options history;
  launch_quota_options quota;
  pre_launch_options pre_launch;
  /// Nothing where clients are not counted.
  std::optional<rate_limit_options> rate_limit;
  std::vector<node_address> runners;
  std::optional<node_address> cluster_listen;
};

/// Whether there is a registry that holds images.
bool asks_registry(const settings& all);

/// How long an ended launch can be joined again by a client that lost its stream: streams stay open
/// for `stream_linger_seconds`, and whoever is late must not start a second server meanwhile.
std::chrono::milliseconds rejoin_window_of(const settings& all);
/// The desk keeps such a launch a little longer, or it would be started anew.
launch_desk_options desk_options_of(const settings& all);

/// Reads docker's configuration too. Errors: bad_settings naming the setting.
caf::expected<node_wiring> read_wiring(const settings& all);

/// This installation as JupyterHub knows it, for logins.
oauth_client oauth_client_of(const settings& all);

}  // namespace bindery
