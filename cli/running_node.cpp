#include "cli/running_node.hpp"

#include <utility>

#include <caf/event_based_actor.hpp>
#include <nlohmann/json.hpp>

#include "actors/node_settings.hpp"
#include "cli/builder_info.hpp"
#include "runtime/error.hpp"
#include "runtime/log.hpp"
#include "runtime/text/random.hpp"

namespace bindery {

namespace {

constexpr size_t launch_id_length = 16;

http_options http_options_of(const settings& all) {
  const auto& own = all.bindery;
  http_options options;
  options.host = own.host;
  options.port = all.binder_hub.port;
  options.workers = own.http_workers;
  options.max_connections = own.max_connections;
  options.max_event_streams = own.max_event_streams;
  options.framer.header_bytes = own.max_header_bytes;
  options.framer.body_bytes = own.max_body_bytes;
  options.header_timeout = own.header_timeout;
  options.idle_timeout = own.idle_timeout;
  options.keepalive_interval = own.keepalive;
  options.stream_linger = own.stream_linger;
  options.rejoin_window = rejoin_window_of(all);
  return options;
}

std::string versions_of(const nlohmann::json& builder) {
  nlohmann::json versions{{"builder_info", builder}, {"binderhub", BINDERY_VERSION}};
  if (builder.contains("build_image")) versions["builder"] = builder["build_image"];
  return versions.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Tells of the HTTP actor's death, after which nobody is served.
caf::behavior http_watch(caf::event_based_actor* self, const caf::actor& http,
                         std::function<void(const std::string&)> on_fault) {
  self->monitor(http);
  self->set_down_handler([self, on_fault = std::move(on_fault)](const caf::down_msg& down) {
    if (down.reason) {
      auto why = "the HTTP actor died: " + describe(down.reason);
      log_line(log_level::error, "node is broken", {{"why", why}});
      if (on_fault) on_fault(why);
    }
    self->quit();
  });
  return {[](stop_atom) {}};
}

/// What the process holds and did until now, as Prometheus text. Asked by routes, which may still
/// be at work when the node has ended.
std::string metrics_text(metrics& counters, const provider_table& providers,
                         shared_server& server) {
  if (auto counts = server.counts())
    counters.set_http_counts(counts->connections, counts->event_streams, counts->accepted,
                             counts->refused, counts->slow_readers);
  if (auto remaining = providers.github_rate_limit_remaining())
    counters.set_github_rate_limit_remaining(*remaining);
  return counters.text();
}

std::string address_for_browsers(const settings& all, uint16_t port) {
  auto host = all.bindery.host;
  if (host.empty() || host == "0.0.0.0" || host == "::") host = "127.0.0.1";
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return "http://" + host + ":" + std::to_string(port) + all.binder_hub.base_url;
}

}  // namespace

site site_for(const settings& all, const provider_table& providers) {
  site place;
  place.base_url = all.binder_hub.base_url;
  place.badge_base_url = all.binder_hub.badge_base_url;
  place.cors_allow_origin = all.binder_hub.cors_allow_origin;
  place.providers_json = providers.display_configs().dump();
  if (!all.bindery.trusted_proxies.empty()) place.trusted_proxies = all.bindery.trusted_proxies;
  place.ban_networks = all.binder_hub.ban_networks;
  place.normalized_origin = all.binder_hub.normalized_origin;
  place.allow_any_accept = all.bindery.allow_any_accept;
  place.api_only = all.binder_hub.enable_api_only_mode;
  place.require_build_only = all.binder_hub.require_build_only;
  place.version = BINDERY_VERSION;
  place.about_message = all.binder_hub.about_message;
  place.banner_message = all.binder_hub.banner_message;
  place.default_opengraph_title = all.binder_hub.default_opengraph_title;
  place.extra_header_html = all.binder_hub.extra_header_html;
  place.extra_footer_scripts = all.binder_hub.extra_footer_scripts;
  place.template_variables = all.binder_hub.template_variables;
  place.template_path = all.binder_hub.template_path;
  place.extra_static_path = all.binder_hub.extra_static_path;
  place.extra_static_url_prefix = all.binder_hub.extra_static_url_prefix;
  place.headers = all.binder_hub.headers;
  return place;
}

caf::expected<build_tokens> build_tokens_of(const settings& all) {
  const auto& hub = all.binder_hub;
  return build_tokens::make(hub.build_token_secret.reveal(),
                            {hub.build_token_expires_seconds, hub.build_token_check_origin});
}

caf::expected<std::shared_ptr<const logins>> logins_of(const settings& all) {
  const auto& hub = all.binder_hub;
  if (!hub.auth_enabled) return std::shared_ptr<const logins>{};
  login_site place;
  place.client = oauth_client_of(all);
  place.base_url = hub.base_url;
  place.access_scopes = all.hub_oauth.access_scopes;
  place.hub_logout_url = hub.hub_url + "hub/logout";
  place.secret = hub.build_token_secret.reveal();
  auto made = logins::make(std::move(place));
  if (!made) return std::move(made.error());
  return std::make_shared<const logins>(std::move(*made));
}

void shared_server::set(http_server server) {
  std::lock_guard lock{mutex_};
  server_.emplace(std::move(server));
}

std::optional<http_counts> shared_server::counts() {
  std::lock_guard lock{mutex_};
  if (!server_) return std::nullopt;
  auto counts = server_->counts();
  return counts ? std::optional{*counts} : std::nullopt;
}

void shared_server::stop() {
  std::lock_guard lock{mutex_};
  server_.reset();
}

running_node::running_node(std::unique_ptr<node> parts, std::shared_ptr<shared_server> server,
                           std::string url)
    : node_(std::move(parts)), server_(std::move(server)), url_(std::move(url)) {}

caf::expected<running_node> running_node::start(caf::actor_system& system,
                                                const node_config& config, node_options options) {
  const auto all = options.all;
  auto on_fault = options.on_fault;
  auto processes = options.upstreams.processes;
  auto parts = node::start(system, config, std::move(options));
  if (!parts) return std::move(parts.error());
  auto& made = **parts;

  auto tokens = build_tokens_of(all);
  if (!tokens) return std::move(tokens.error());
  auto shared = std::make_shared<shared_server>();
  auto place = site_for(all, *made.providers());
  place.versions_json = versions_of(builder_info_of(system, all, processes));
  place.metrics_text = [counters = made.counters(), providers = made.providers(), shared] {
    return metrics_text(*counters, *providers, *shared);
  };
  place.make_launch_id = [] { return random_id(launch_id_length); };
  place.tokens = std::make_shared<const build_tokens>(std::move(*tokens));
  place.desk = made.desk();
  place.health = made.health();
  auto who_may = logins_of(all);
  if (!who_may) return std::move(who_may.error());
  place.who_may = std::move(*who_may);
  place.login = made.logins();
  place.build_logs = made.kept_build_logs();
  place.name_repository = [providers = made.providers()](std::string_view prefix,
                                                         std::string_view spec) {
    return providers->repository(prefix, spec);
  };
  place.history = made.history();
  place.previews = made.previews();
  place.rate_limit = made.rate_limit();
  auto server = start_http(system, http_options_of(all), std::move(place));
  if (!server) return std::move(server.error());
  system.spawn(http_watch, server->actor(), std::move(on_fault));
  auto url = address_for_browsers(all, server->port());
  shared->set(std::move(*server));
  return running_node{std::move(*parts), std::move(shared), std::move(url)};
}

running_node::~running_node() {
  stop();
}

void running_node::stop() {
  if (server_) server_->stop();
  if (node_) node_->stop();
}

}  // namespace bindery
