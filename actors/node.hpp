#pragma once

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/expected.hpp>

#include "actors/interfaces.hpp"
#include "actors/launch_services.hpp"
#include "actors/runner_worker.hpp"
#include "runtime/build/log_store.hpp"
#include "runtime/event_log/event_log.hpp"
#include "runtime/metrics/metrics.hpp"
#include "runtime/net/curl_engine.hpp"
#include "runtime/process/private_folder.hpp"
#include "runtime/process/process_engine.hpp"
#include "runtime/providers/provider_table.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

class supervisor_door;

/// The actor system's configuration of every Bindery process: message types, the middleman, and
/// the door through which other nodes start launches here (closed until a node opens it).
class node_config : public caf::actor_system_config {
 public:
  node_config();
  std::shared_ptr<supervisor_door> door;
};

/// What reaches the outside world from this process, shared by the node and whoever prepares the
/// ground for it. Both actors run until the system ends or `stop_upstreams`.
struct upstream_actors {
  http_client_actor http;
  process_runner_actor processes;
};

upstream_actors start_upstreams(caf::actor_system& system);

/// Ends both; children still running are stopped. Waits for up to ten seconds.
void stop_upstreams(caf::actor_system& system, upstream_actors& upstreams);

/// What a node is made of, as its settings have it.
struct node_options {
  settings all;
  upstream_actors upstreams;
  /// A service actor died, which none does by design: the process should end and be started anew.
  /// Called once, on a thread of the actor system.
  std::function<void(const std::string& why)> on_fault;
};

/// One runtime node: every service actor, wired up, ready to take launches.
class node {
 public:
  /// Errors: bad_settings naming the setting, io_failed (event log, cluster port).
  static caf::expected<std::unique_ptr<node>> start(caf::actor_system& system,
                                                    const node_config& config,
                                                    node_options options);
  node(const node&) = delete;
  node& operator=(const node&) = delete;
  /// Stops it.
  ~node();

  const launch_desk_actor& desk() const { return desk_; }
  const health_actor& health() const { return health_; }
  /// Null where nobody has to log in.
  const login_actor& logins() const { return login_; }
  /// Logs of failed builds; null where none can be kept.
  const std::shared_ptr<const build_log_store>& kept_build_logs() const { return build_logs_; }
  const launch_history_actor& history() const { return history_; }
  /// Null where repositories have no previews.
  const previews_actor& previews() const { return previews_; }
  /// Null where clients are not counted.
  const rate_limit_actor& rate_limit() const { return rate_limit_; }
  /// These two are for whoever may still ask when the node is gone.
  const std::shared_ptr<const provider_table>& providers() const { return providers_; }
  const std::shared_ptr<metrics>& counters() const { return metrics_; }
  /// The port on which peers reach this node; 0 for a node on its own.
  uint16_t cluster_port() const { return cluster_port_; }

  /// Ends launches and builds, then the service actors; waits for up to ten seconds. Twice is fine.
  void stop();

 private:
  node(caf::actor_system& system, provider_table providers, event_log log);
  caf::error wire(const node_config& config, const node_options& options);
  caf::error open_cluster(const node_address& where);
  template <class Handle>
  Handle keep(Handle service);

  caf::actor_system& system_;
  // Shared with what was told to actors and routes: some of them may outlast the node's patience.
  std::shared_ptr<const provider_table> providers_;
  std::shared_ptr<event_log> event_log_;
  std::shared_ptr<metrics> metrics_ = std::make_shared<metrics>();
  std::promise<void> launches_gone_;
  std::future<void> launches_end_ = launches_gone_.get_future();
  std::shared_ptr<launch_services> services_;
  std::shared_ptr<supervisor_door> door_;
  launch_desk_actor desk_;
  health_actor health_;
  login_actor login_;
  std::shared_ptr<const build_log_store> build_logs_;
  launch_history_actor history_;
  previews_actor previews_;
  rate_limit_actor rate_limit_;
  std::vector<caf::actor> running_;  ///< newest last: the desk
  caf::actor watch_;
  uint16_t cluster_port_ = 0;
  /// For builds, where their docker needs another `config.json` than it finds.
  std::optional<private_folder> docker_config_;
};

}  // namespace bindery
