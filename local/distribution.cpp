#include "local/distribution.hpp"

#include <atomic>
#include <optional>
#include <unistd.h>
#include <utility>

#include "local/base_image.hpp"
#include "local/crew.hpp"
#include "local/engines.hpp"
#include "local/images.hpp"
#include "local/parts/parts.hpp"
#include "local/ports.hpp"
#include "local/preparation.hpp"
#include "local/stack_folder.hpp"
#include "runtime/error.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

std::string local_url(uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port);
}

}  // namespace

/// One stack of parts. Its operations stand in the order in which `start` calls them.
class distribution::stack {
 public:
  stack(caf::actor_system& system, distribution_options options, process_runner_actor runner,
        http_client_actor http)
      : options_(std::move(options)),
        all_(options_.given),
        parts_(system, std::move(runner), std::move(http)),
        prepare_(parts_, options_.source_folder, options_.cache_folder,
                 [this](const std::string& line) { say(line); }) {}

  ~stack() { stop(); }
  stack(const stack&) = delete;
  stack& operator=(const stack&) = delete;

  caf::error start();
  void stop();

  const settings& effective() const { return all_; }
  const std::string& sample_repository() const { return sample_; }

 private:
  caf::error open_folder();
  caf::error prepare_environments();
  caf::error find_engine();
  caf::error start_engine();
  void use(chosen_engine engine);
  caf::error start_registry();
  caf::error start_git();
  caf::error start_hub();
  caf::error load_base_image();
  caf::error wait_for_hub();
  void add(part_options part);
  void say(const std::string& line) const {
    if (options_.say) options_.say(line);
  }
  bool own_hub() const { return options_.given.binder_hub.hub_url.empty(); }
  bool own_repo2docker() const {
    return options_.given.bindery.repo2docker == bindery_settings{}.repo2docker;
  }
  bool own_registry() const {
    return all_.binder_hub.use_registry && all_.docker_registry.url.empty() &&
           all_.binder_hub.image_prefix.empty();
  }

  distribution_options options_;
  settings all_;
  std::string sample_;
  std::optional<stack_folder> folder_;
  std::optional<port_book> ports_;
  crew parts_;
  preparation prepare_;
  std::string registry_url_;  ///< our own
  std::optional<engines> engines_;
  chosen_engine engine_;
  hub_options hub_;
  /// Shared with the parts' callbacks: what fails before is told by `start` itself.
  std::shared_ptr<std::atomic<bool>> started_ = std::make_shared<std::atomic<bool>>(false);
  bool ended_ = false;
};

caf::error distribution::stack::start() {
  std::stop_callback cancel{options_.cancelled, [this] { parts_.cancel(); }};
  using operation = caf::error (stack::*)();
  for (operation next : {&stack::open_folder, &stack::prepare_environments, &stack::find_engine,
                         &stack::start_registry, &stack::start_engine, &stack::start_git,
                         &stack::start_hub, &stack::load_base_image, &stack::wait_for_hub}) {
    if (parts_.cancelled()) return make_error(errc::cancelled, "The start was ended early");
    if (auto why = (this->*next)()) return why;
  }
  *started_ = true;
  return {};
}

caf::error distribution::stack::open_folder() {
  auto folder = stack_folder::open(options_.state_folder);
  if (!folder) return std::move(folder.error());
  folder_.emplace(std::move(*folder));
  if (auto logs = folder_->subfolder("logs"); !logs) return std::move(logs.error());
  ports_.emplace(*folder_);
  engines_.emplace(parts_, *folder_, prepare_.recipes(),
                   [this](const std::string& line) { say(line); });
  all_.bindery.state_folder = folder_->path();
  return {};
}

caf::error distribution::stack::prepare_environments() {
  if (own_hub() || own_repo2docker()) {
    auto python = prepare_.python_environment();
    if (!python) return std::move(python.error());
    hub_.python_folder = std::move(*python);
    if (own_repo2docker())
      all_.bindery.repo2docker = hub_.python_folder + "/bin/jupyter-repo2docker";
  }
  if (own_hub()) {
    auto node = prepare_.node_packages();
    if (!node) return std::move(node.error());
    hub_.node_folder = std::move(*node);
  }
  return {};
}

/// An engine that runs already.
caf::error distribution::stack::find_engine() {
  const auto wanted = all_.bindery.container_engine;
  auto engine = engines_->find(wanted);
  if (!engine) {
    // Nobody asked for the usual place in particular: then it may as well be our own.
    if (wanted != bindery_settings{}.container_engine) return std::move(engine.error());
    auto place = parse_engine_address(wanted);
    if (place && ::access(place->unix_socket.c_str(), F_OK) == 0) say(describe(engine.error()));
    return {};
  }
  use(std::move(*engine));
  say("Using the container engine " + engine_.version + " at " + shown_url(wanted));
  if (own_registry() && engine_.address.unix_socket.empty() &&
      !is_loopback(engine_.address.base_url)) {
    say("That engine is on another machine and cannot reach a registry here: images stay in it");
    all_.binder_hub.use_registry = false;
  }
  return {};
}

caf::error distribution::stack::start_registry() {
  if (own_registry()) {
    auto program = find_program("docker-registry");
    if (program.empty()) {
      say("No registry: it needs the Debian package docker-registry; images stay in the engine");
      all_.binder_hub.use_registry = false;
    } else {
      auto port = ports_->take("registry");
      if (!port) return std::move(port.error());
      auto part = registry_part(*folder_, program, *port);
      if (!part) return std::move(part.error());
      add(std::move(*part));
      registry_url_ = all_.docker_registry.url = local_url(*port);
      all_.binder_hub.image_prefix = "127.0.0.1:" + std::to_string(*port) + "/bindery/";
    }
  }
  if (all_.binder_hub.image_prefix.empty()) all_.binder_hub.image_prefix = "bindery/";
  return {};
}

caf::error distribution::stack::start_engine() {
  if (engine_.kind == engine_kind::none) {
    auto engine = engines_->start(all_.docker_registry.url);
    if (!engine) return std::move(engine.error());
    if (engine->kind == engine_kind::none) return {};
    use(std::move(*engine));
    say("The container engine runs: " +
        std::string{engine_.kind == engine_kind::docker ? "Docker " : "Podman "} + engine_.version);
  }
  // Of an earlier run that was killed.
  return remove_containers(parts_, engine_.address, folder_->id());
}

void distribution::stack::use(chosen_engine engine) {
  engine_ = std::move(engine);
  all_.bindery.container_engine = engine_.docker_host;
}

caf::error distribution::stack::start_git() {
  if (find_program("git").empty()) {
    say("No sample repository: it needs the Debian package git");
    return {};
  }
  if (auto folder = folder_->subfolder("repositories"); !folder) return std::move(folder.error());
  if (auto why = prepare_.publish_sample(folder_->file("repositories/sample"))) return why;
  auto port = ports_->take("git");
  if (!port) return std::move(port.error());
  add(git_daemon_part(*folder_, *port));
  all_.git.private_hosts.push_back("127.0.0.1");
  sample_ = "git://127.0.0.1:" + std::to_string(*port) + "/sample";
  return {};
}

caf::error distribution::stack::start_hub() {
  auto& hub = all_.binder_hub;
  if (!own_hub()) {
    if (hub.hub_api_token.empty())
      return make_error(errc::bad_settings,
                        "BinderHub.hub_url is given, but no token for that hub: set "
                        "BinderHub.hub_api_token or JUPYTERHUB_API_TOKEN");
    return {};
  }
  for (auto [name, port] : {std::pair{"hub", &hub_.port}, std::pair{"hub API", &hub_.hub_port},
                            std::pair{"proxy API", &hub_.proxy_api_port}}) {
    auto taken = ports_->take(name);
    if (!taken) return std::move(taken.error());
    *port = *taken;
  }
  for (auto [name, token] :
       {std::pair{"hub-api", &hub_.api_token}, std::pair{"proxy", &hub_.proxy_token},
        std::pair{"idle-culler", &hub_.culler_token}}) {
    auto made = folder_->secret_token(name);
    if (!made) return std::move(made.error());
    *token = std::move(*made);
  }
  hub_.recipes = prepare_.recipes();
  hub_.engine = all_.bindery.container_engine;
  hub_.internal_addresses = engine_.kind == engine_kind::docker;
  add(proxy_part(*folder_, hub_));
  auto part = hub_part(*folder_, hub_);
  if (!part) return std::move(part.error());
  add(std::move(*part));
  hub.hub_url = hub.hub_url_local = local_url(hub_.port) + "/";
  all_.hub_oauth.api_url.clear();  // a terminal in somebody's own server names its hub
  hub.hub_api_token = secret{hub_.api_token};
  return {};
}

caf::error distribution::stack::load_base_image() {
  if (engine_.kind == engine_kind::none) return {};
  base_image_loader base{parts_, prepare_, engine_, [say = options_.say](const std::string& line) {
                           if (say) say(line);
                         }};
  if (!registry_url_.empty())
    if (auto why = parts_.wait("registry")) return why;
  auto why = base.load(registry_url_, all_.binder_hub.image_prefix + "base");
  if (!why || code_of(why) == errc::cancelled) return why;
  say("There is no base image, so the sample cannot be built: " + describe(why));
  return {};
}

caf::error distribution::stack::wait_for_hub() {
  for (const char* name : {"registry", "git daemon", "proxy", "hub"})
    if (parts_.has(name))
      if (auto why = parts_.wait(name)) return why;
  if (!registry_url_.empty()) say("The registry serves at " + registry_url_);
  if (!own_hub()) return {};
  add(culler_part(*folder_, hub_));
  if (auto why = parts_.wait("idle culler")) return why;
  say("JupyterHub serves at " + all_.binder_hub.hub_url);
  return {};
}

void distribution::stack::add(part_options part) {
  part.say = options_.say;
  part.on_failure = [started = started_, tell = options_.on_failure](const caf::error& why) {
    if (*started && tell) tell(why);
  };
  parts_.add(std::move(part));
}

void distribution::stack::stop() {
  if (std::exchange(ended_, true)) return;
  *started_ = false;
  // First whoever starts containers, then the containers, then what they need.
  for (const char* name : {"idle culler", "hub"}) parts_.stop(name);
  if (engine_.kind != engine_kind::none)
    if (auto why = remove_containers(parts_, engine_.address, folder_->id()))
      say("Cannot end every server: " + describe(why));
  parts_.stop_all();
  if (!folder_) return;
  clear_after_engine(*folder_);
  folder_->release();
}

caf::expected<distribution> distribution::start(caf::actor_system& system,
                                                distribution_options options,
                                                process_runner_actor runner,
                                                http_client_actor http) {
  auto parts =
      std::make_unique<stack>(system, std::move(options), std::move(runner), std::move(http));
  if (auto why = parts->start()) return why;
  return distribution{std::move(parts)};
}

distribution::distribution(std::unique_ptr<stack> parts) : stack_(std::move(parts)) {}
distribution::distribution(distribution&&) noexcept = default;
distribution& distribution::operator=(distribution&&) noexcept = default;
distribution::~distribution() = default;

const settings& distribution::effective() const {
  return stack_->effective();
}

const std::string& distribution::sample_repository() const {
  return stack_->sample_repository();
}

void distribution::stop() {
  stack_->stop();
}

}  // namespace bindery
