#include "actors/node_settings.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "runtime/error.hpp"
#include "runtime/registry/docker_config.hpp"
#include "runtime/registry/registry_plan.hpp"

namespace bindery {

namespace {

caf::expected<node_address> read_address(std::string_view text, const std::string& path) {
  node_address address;
  auto colon = text.rfind(':');
  auto port = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  auto [end, why] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (colon == 0 || port.empty() || why != std::errc{} || end != port.data() + port.size())
    return make_error(errc::bad_settings, path + ": expected host:port, got \"" +
                                              std::string{text.substr(0, 80)} + "\"");
  address.host = text.substr(0, colon);
  return address;
}

std::string hub_api_url(const settings& all) {
  return all.hub_oauth.api_url.empty() ? all.binder_hub.hub_url_local + "hub/api"
                                       : all.hub_oauth.api_url;
}

local_build_options read_building(const settings& all) {
  local_build_options building;
  building.repo2docker = all.bindery.repo2docker;
  building.container_engine = all.bindery.container_engine;
  building.timeout = all.bindery.build_timeout;
  auto& arguments = building.arguments;
  arguments.appendix = all.build.appendix.empty() ? all.binder_hub.appendix : all.build.appendix;
  arguments.extra_args = all.build.repo2docker_extra_args;
  arguments.memory_limit_bytes = all.build.memory_limit_bytes;
  arguments.push = all.binder_hub.use_registry && !all.binder_hub.push_secret.empty();
  return building;
}

}  // namespace

oauth_client oauth_client_of(const settings& all) {
  const auto& hub = all.binder_hub;
  const auto& oauth = all.hub_oauth;
  oauth_client client;
  client.client_id = oauth.oauth_client_id;
  client.client_secret = hub.hub_api_token.reveal();
  client.redirect_uri =
      oauth.oauth_redirect_uri.empty() ? hub.base_url + "oauth_callback" : oauth.oauth_redirect_uri;
  client.authorization_url = oauth.oauth_authorization_url.empty()
                                 ? hub.hub_url + "hub/api/oauth2/authorize"
                                 : oauth.oauth_authorization_url;
  client.api_url = hub_api_url(all);
  return client;
}

std::chrono::milliseconds rejoin_window_of(const settings& all) {
  constexpr std::chrono::seconds least{50};
  return std::max(all.bindery.stream_linger, least);
}

launch_desk_options desk_options_of(const settings& all) {
  constexpr std::chrono::seconds longer{10};
  launch_desk_options options;
  options.keep_ended = rejoin_window_of(all) + longer;
  return options;
}

bool asks_registry(const settings& all) {
  return all.binder_hub.use_registry && all.binder_hub.registry_class != "FakeRegistry";
}

caf::expected<node_wiring> read_wiring(const settings& all) {
  node_wiring wiring;
  const auto& hub = all.binder_hub;
  const auto& own = all.bindery;
  wiring.launching.hub_url = hub.hub_url;
  wiring.launching.named_servers = all.launcher.allow_named_servers;
  wiring.launching.named_server_limit = all.launcher.named_server_limit_per_user;
  wiring.launching.retries = all.launcher.retries;
  wiring.launching.retry_delay = all.launcher.retry_delay;
  wiring.git.workers = own.git_workers;
  wiring.git.workers_per_host = own.git_workers_per_host;
  wiring.git.timeout = own.git_timeout;
  wiring.git.max_wait = 2 * own.git_timeout;
  // A question may wait for its turn, and GitHub's notice for its reader.
  wiring.resolve_timeout = 3 * own.git_timeout + 2 * own.github_rename_delay;
  if (asks_registry(all)) {
    auto docker = load_docker_config(all.docker_registry.docker_config_path, process_environment());
    if (!docker) return std::move(docker.error());
    auto plan = plan_registry(all, *docker);
    if (!plan) return std::move(plan.error());
    wiring.registry.registry = plan->address;
    wiring.registry.push_registry = plan->push_registry;
    wiring.registry.push_credentials = plan->push_credentials;
    wiring.registry_helper.helper = {all.registry_helper.service_url,
                                     all.registry_helper.auth_token.reveal()};
    wiring.registry_helper.push_registry = plan->push_registry;
    wiring.registry_helper.push_credentials = plan->push_credentials;
    wiring.docker_config = plan->docker_config;
  }
  wiring.hub.hub = {hub_api_url(all), hub.hub_api_token.reveal()};
  if (hub.auth_enabled) {
    wiring.logins.emplace();
    wiring.logins->client = oauth_client_of(all);
    wiring.logins->cache_age = all.hub_oauth.cache_max_age;
  }
  wiring.hub.launch_timeout = all.launcher.launch_timeout;
  wiring.hub.retries = {all.launcher.retries, all.launcher.retry_delay, 2};
  wiring.building = read_building(all);
  wiring.builds.max_log_bytes = own.max_build_log_bytes;
  wiring.builds.secrets =
      secrets_of_login(wiring.registry.registry.username, wiring.registry.registry.password);
  // What is got while a build runs is hidden by whoever got it.
  for (const auto& secret :
       {wiring.registry.registry.identity_token, wiring.registry_helper.helper.token})
    if (!secret.empty()) wiring.builds.secrets.push_back(secret);
  if (!own.state_folder.empty()) {
    wiring.private_place = own.state_folder + "/private";
    wiring.build_logs.folder = own.state_folder + "/build-logs";
    wiring.history.file = own.state_folder + "/launch-history.json";
  }
  wiring.build_logs.bounds = {own.build_logs_bytes, own.build_logs_age};
  wiring.quota.total_quota = all.launch_quota.total_quota;
  wiring.pre_launch = {own.pre_launch_url, own.pre_launch_timeout};
  if (const auto& rate = all.rate_limiter; rate.limit > 0) {
    wiring.rate_limit.emplace();
    wiring.rate_limit->limit = rate.limit;
    wiring.rate_limit->period = rate.period_seconds;
    wiring.rate_limit->clean = rate.clean_seconds;
  }

  auto engine = parse_engine_address(own.container_engine);
  if (!engine)
    return make_error(errc::bad_settings, "Bindery.container_engine: " + describe(engine.error()));
  wiring.engine.engine = std::move(*engine);
  for (size_t i = 0; i < own.runners.size(); ++i) {
    auto address = read_address(own.runners[i], "Bindery.runners[" + std::to_string(i) + "]");
    if (!address) return std::move(address.error());
    wiring.runners.push_back(std::move(*address));
  }
  if (!own.cluster_listen.empty()) {
    auto address = read_address(own.cluster_listen, "Bindery.cluster_listen");
    if (!address) return std::move(address.error());
    wiring.cluster_listen = std::move(*address);
  }
  return wiring;
}

}  // namespace bindery
