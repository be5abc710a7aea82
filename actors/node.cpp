#include "actors/node.hpp"

#include <chrono>
#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "actors/build.hpp"
#include "actors/build_directory.hpp"
#include "actors/build_logs.hpp"
#include "actors/container_engine.hpp"
#include "actors/fake_build.hpp"
#include "actors/git.hpp"
#include "actors/health.hpp"
#include "actors/http_client.hpp"
#include "actors/jupyterhub.hpp"
#include "actors/launch_desk.hpp"
#include "actors/launch_history.hpp"
#include "actors/launch_plan.hpp"
#include "actors/launch_quota.hpp"
#include "actors/launch_supervisor.hpp"
#include "actors/local_build.hpp"
#include "actors/login.hpp"
#include "actors/messages.hpp"
#include "actors/node_settings.hpp"
#include "actors/observation.hpp"
#include "actors/previews.hpp"
#include "actors/process_runner.hpp"
#include "actors/rate_limit.hpp"
#include "actors/registry.hpp"
#include "actors/registry_helper.hpp"
#include "actors/registry_stand_ins.hpp"
#include "actors/runner_worker.hpp"
#include "actors/supervisor_door.hpp"
#include "runtime/error.hpp"
#include "runtime/log.hpp"
#include "runtime/text/random.hpp"

namespace bindery {

namespace {

constexpr std::chrono::seconds patience{10};

/// Asks the actors to end, in order, each before the next; gives up after `patience`.
void end_in_order(caf::actor_system& system, std::vector<caf::actor>& actors) {
  caf::scoped_actor waiter{system};
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (!actors.empty()) {
    auto last = std::move(actors.back());
    actors.pop_back();
    waiter->monitor(last);
    waiter->send_exit(last, caf::exit_reason::user_shutdown);
    auto awaited = last.address();
    last = nullptr;
    // News of one that was given up before may come in between.
    for (auto ended = false; !ended;) {
      auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          deadline - std::chrono::steady_clock::now());
      waiter->receive(
          [&](const caf::down_msg& down) { ended = down.source == awaited; },
          caf::after(std::max(left, std::chrono::milliseconds{100})) >> [&] { ended = true; });
    }
  }
}

/// Nothing is built, for work on the pages.
bool is_fake_build(const settings& all) {
  return all.binder_hub.build_class == "FakeBuild";
}

/// Monitors the service actors, none of which ends before the node does.
caf::behavior node_watch(caf::event_based_actor* self, const std::vector<caf::actor>& services,
                         std::function<void(const std::string&)> on_fault) {
  for (const auto& service : services) self->monitor(service);
  self->set_down_handler([self, on_fault = std::move(on_fault)](const caf::down_msg& down) {
    auto why = "a service actor of this node died: " + to_string(down.reason);
    log_line(log_level::error, "node is broken", {{"why", why}});
    if (on_fault) on_fault(why);
    self->quit();
  });
  return {[](stop_atom) {}};
}

}  // namespace

node_config::node_config() : door(std::make_shared<supervisor_door>()) {
  load<caf::io::middleman>();
  // What measured best for messages between nodes, and idles at no cost.
  set("scheduler.policy", caf::atom("sharing"));
  // Both ends of a connection must agree on these, or a healthy one is cut.
  set("middleman.heartbeat-interval", caf::timespan{std::chrono::seconds{1}});
  set("middleman.connection-timeout", caf::timespan{std::chrono::seconds{4}});
  register_messages(*this);
  add_actor_type(
      supervisor_type_name,
      [door = door](launch_supervisor_actor::stateful_pointer<launch_supervisor_state> self,
                    const launch_request& request, const launch_sink_actor& sink,
                    const build_logs_actor& client_logs) {
        return door->enter(self, request, sink, client_logs);
      });
}

upstream_actors start_upstreams(caf::actor_system& system) {
  return {caf::actor_cast<http_client_actor>(
              system.spawn(http_client, std::make_shared<curl_engine>())),
          system.spawn(process_runner, std::make_shared<process_engine>())};
}

void stop_upstreams(caf::actor_system& system, upstream_actors& upstreams) {
  std::vector<caf::actor> both;
  if (upstreams.http) both.push_back(caf::actor_cast<caf::actor>(std::move(upstreams.http)));
  if (upstreams.processes)
    both.push_back(caf::actor_cast<caf::actor>(std::move(upstreams.processes)));
  upstreams = {};
  end_in_order(system, both);
}

node::node(caf::actor_system& system, provider_table providers, event_log log)
    : system_(system),
      providers_(std::make_shared<const provider_table>(std::move(providers))),
      event_log_(std::make_shared<event_log>(std::move(log))) {}

caf::expected<std::unique_ptr<node>> node::start(caf::actor_system& system,
                                                 const node_config& config, node_options options) {
  auto providers = provider_table::make(options.all);
  if (!providers) return std::move(providers.error());
  auto events = event_log::open(options.all.bindery.event_log_file);
  if (!events) return std::move(events.error());
  std::unique_ptr<node> made{new node{system, std::move(*providers), std::move(*events)}};
  if (auto why = made->wire(config, options)) return why;
  return made;
}

node::~node() {
  stop();
}

template <class Handle>
Handle node::keep(Handle service) {
  running_.push_back(caf::actor_cast<caf::actor>(service));
  return service;
}

caf::error node::wire(const node_config& config, const node_options& options) {
  const auto& all = options.all;
  const auto& http = options.upstreams.http;
  auto wiring = read_wiring(all);
  if (!wiring) return std::move(wiring.error());

  services_ = {new launch_services, [gone = std::make_shared<std::promise<void>>(
                                         std::move(launches_gone_))](launch_services* last) {
                 delete last;
                 gone->set_value();
               }};
  auto& s = *services_;
  s.find_provider = [table = providers_](std::string_view prefix) { return table->find(prefix); };
  s.admit = [table = providers_](const repo_provider& provider, std::string_view spec) {
    return table->admit(provider, spec);
  };
  s.repo_quota = [table = providers_](const repo_provider& provider, std::string_view spec) {
    return table->server_quota(provider, spec);
  };
  s.plan_build = [table = providers_,
                  prefix = all.binder_hub.image_prefix](const resolved_repository& found) {
    return plan_build(prefix, table->git_credentials(found.provider), found);
  };
  s.name_user = name_user;
  s.new_token = random_token;
  s.launching = wiring->launching;
  s.allow_build_only = all.binder_hub.enable_api_only_mode;
  s.resolve_timeout = wiring->resolve_timeout;
  s.pre_launch = wiring->pre_launch;
  s.http = http;

  s.git = keep(system_.spawn(git, wiring->git, options.upstreams.processes));
  auto engine = keep(system_.spawn(container_engine, http, wiring->engine));
  if (asks_registry(all) && all.binder_hub.registry_class == "ExternalRegistryHelper")
    s.registry = keep(system_.spawn(registry_helper, http, wiring->registry_helper));
  else if (asks_registry(all))
    s.registry = keep(system_.spawn(registry, http, wiring->registry));
  else if (all.binder_hub.use_registry || is_fake_build(all))
    s.registry = keep(system_.spawn(fake_registry));
  else
    s.registry = keep(system_.spawn(engine_as_registry, engine));
  s.hub = keep(system_.spawn(jupyterhub, http, wiring->hub));
  s.quota =
      keep(system_.spawn(launch_quota, wiring->quota, caf::actor_cast<server_lister_actor>(s.hub)));
  if (wiring->rate_limit)
    rate_limit_ = keep(system_.spawn(bindery::rate_limit, std::move(*wiring->rate_limit)));

  if (wiring->logins) login_ = keep(system_.spawn(login, http, *wiring->logins));

  if (!wiring->docker_config.empty()) {
    auto folder = private_folder::make(wiring->private_place);
    if (!folder)
      return make_error(code_of(folder.error()),
                        describe(folder.error()) +
                            ". Builds find docker's configuration there: choose a folder that can "
                            "be written (Bindery.state_folder)");
    docker_config_.emplace(std::move(*folder));
    if (auto why = docker_config_->write("config.json", wiring->docker_config)) return why;
    wiring->building.docker_config_folder = docker_config_->path();
  }
  auto backend = observe_starts(
      is_fake_build(all)
          ? make_fake_backend()
          : make_local_backend(wiring->building, options.upstreams.processes,
                               all.binder_hub.use_registry ? s.registry : registry_actor{}),
      metrics_);
  auto name_provider = [table = providers_](std::string_view prefix) {
    return table->display_name(prefix);
  };
  auto observer = observe_ends(metrics_, name_provider);
  build_logs_ = open_build_logs(wiring->build_logs);
  if (build_logs_)
    s.build_logs = wiring->builds.logs =
        keep(system_.spawn<caf::detached>(build_logs, build_logs_));
  history_ = keep(system_.spawn<caf::detached>(launch_history, wiring->history));
  s.on_stage = wiring->builds.on_stage = [history = history_](const stage_time& took) {
    caf::anon_send(history, event_atom::value, took);
  };
  if (all.bindery.repository_preview) {
    previews_options looking;
    looking.find_provider = s.find_provider;
    looking.admit = s.admit;
    previews_ = keep(system_.spawn(bindery::previews, http, std::move(looking)));
  }
  auto start_build = [&system = system_, kept = wiring->builds, backend, observer](
                         const build_request& request, build_directory_actor directory) {
    return system.spawn(build, kept, request, backend, observer, std::move(directory));
  };
  s.builds = keep(system_.spawn(build_directory,
                                build_directory_options{all.binder_hub.concurrent_build_limit},
                                build_spawner{start_build}));
  observe_launches(s, metrics_, event_log_);

  auto checks =
      std::vector<health_check>{{"Docker registry", caf::actor_cast<checkable_actor>(s.registry)},
                                {"JupyterHub API", caf::actor_cast<checkable_actor>(s.hub)}};
  health_options watching;
  watching.quota = s.quota;
  watching.builds_in_progress = [counters = metrics_] { return counters->builds_in_progress(); };
  watching.on_change = [](const std::string& service, bool ok, const std::string& why) {
    log_line(ok ? log_level::info : log_level::warning,
             service + (ok ? " serves" : " does not serve"), {{"why", why}});
  };
  health_ = caf::actor_cast<health_actor>(
      keep(system_.spawn(bindery::health, std::move(checks), std::move(watching))));

  runner_worker_actor runner;
  if (!wiring->runners.empty())
    runner = keep(system_.spawn<caf::detached>(
        runner_worker, runner_worker_options{wiring->runners, s.build_logs}));
  auto spawn_here = [&system = system_,
                     services = std::shared_ptr<const launch_services>{services_}](
                        const launch_request& request, launch_sink_actor sink) {
    return system.spawn(launch_supervisor, services, request, std::move(sink),
                        services->build_logs);
  };
  desk_ = keep(
      system_.spawn(launch_desk, desk_options_of(all), supervisor_spawner{spawn_here}, runner));
  watch_ = system_.spawn(node_watch, running_, options.on_fault);
  door_ = config.door;
  door_->open(services_);
  return wiring->cluster_listen ? open_cluster(*wiring->cluster_listen) : caf::error{};
}

caf::error node::open_cluster(const node_address& where) {
  auto port = system_.middleman().open(where.port, where.host.c_str(), true);
  if (!port)
    return make_error(errc::io_failed, "Cannot listen for other nodes on " + where.host + ":" +
                                           std::to_string(where.port) +
                                           ": is the port taken? See Bindery.cluster_listen");
  cluster_port_ = *port;
  return {};
}

void node::stop() {
  if (!services_) return;
  if (cluster_port_ != 0) system_.middleman().close(cluster_port_);
  if (watch_) caf::anon_send_exit(std::exchange(watch_, nullptr), caf::exit_reason::kill);
  door_->close();
  // With the desk its launches end; each cleans up at the hub, so the services outlive them.
  desk_ = nullptr;
  std::vector<caf::actor> desk{std::move(running_.back())};
  running_.pop_back();
  end_in_order(system_, desk);
  services_.reset();
  if (launches_end_.wait_for(patience) != std::future_status::ready)
    log_line(log_level::warning, "launches did not end in time; their servers are left to the hub");
  health_ = nullptr;
  login_ = nullptr;
  history_ = nullptr;
  previews_ = nullptr;
  rate_limit_ = nullptr;
  end_in_order(system_, running_);
}

}  // namespace bindery
