#include "cli/running_node.hpp"

#include <mutex>
#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
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
  return options;
}

std::string versions_of(const settings& all) {
  auto builder = nlohmann::json::object();
  for (const auto& [name, value] : all.build.builder_info) builder[name] = value;
  nlohmann::json versions{{"builder_info", builder}, {"binderhub", BINDERY_VERSION}};
  if (builder.contains("build_image")) versions["builder"] = builder["build_image"];
  return versions.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// The server, once it runs: its own routes ask for its counts.
class late_server {
 public:
  void set(const std::shared_ptr<http_server>& server) {
    std::lock_guard lock{mutex_};
    server_ = server;
  }
  std::shared_ptr<http_server> get() {
    std::lock_guard lock{mutex_};
    return server_.lock();
  }

 private:
  std::mutex mutex_;
  std::weak_ptr<http_server> server_;
};

/// What the process holds and did until now, as Prometheus text.
std::string metrics_text(node& parts, late_server& server) {
  auto& counters = parts.counters();
  if (auto running = server.get())
    if (auto counts = running->counts())
      counters.set_http_counts(counts->connections, counts->event_streams, counts->accepted,
                               counts->refused, counts->slow_readers);
  if (auto remaining = parts.providers().github_rate_limit_remaining())
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
  place.versions_json = versions_of(all);
  if (!all.bindery.trusted_proxies.empty()) place.trusted_proxies = all.bindery.trusted_proxies;
  place.ban_networks = all.binder_hub.ban_networks;
  place.normalized_origin = all.binder_hub.normalized_origin;
  place.allow_any_accept = all.bindery.allow_any_accept;
  place.api_only = all.binder_hub.enable_api_only_mode;
  place.require_build_only = all.binder_hub.require_build_only;
  return place;
}

running_node::running_node(std::unique_ptr<node> parts, std::shared_ptr<http_server> server,
                           std::string url)
    : node_(std::move(parts)), server_(std::move(server)), url_(std::move(url)) {}

caf::expected<running_node> running_node::start(caf::actor_system& system,
                                                const node_config& config, node_options options) {
  const auto all = options.all;
  auto parts = node::start(system, config, std::move(options));
  if (!parts) return std::move(parts.error());
  auto& made = **parts;

  auto counted = std::make_shared<late_server>();
  auto place = site_for(all, made.providers());
  place.metrics_text = [&made, counted] { return metrics_text(made, *counted); };
  place.make_launch_id = [] { return random_id(launch_id_length); };
  place.desk = made.desk();
  place.health = made.health();
  auto server = start_http(system, http_options_of(all), std::move(place));
  if (!server) return std::move(server.error());
  auto shared = std::make_shared<http_server>(std::move(*server));
  counted->set(shared);
  auto url = address_for_browsers(all, shared->port());
  return running_node{std::move(*parts), std::move(shared), std::move(url)};
}

void running_node::stop() {
  if (server_) server_->stop();
  server_.reset();
  if (node_) node_->stop();
}

}  // namespace bindery
