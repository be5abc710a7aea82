#include "local/distribution.hpp"

#include <atomic>
#include <optional>
#include <unistd.h>
#include <utility>

#include "local/crew.hpp"
#include "local/images.hpp"
#include "local/parts/parts.hpp"
#include "local/ports.hpp"
#include "local/preparation.hpp"
#include "local/stack_folder.hpp"
#include "runtime/engine/address.hpp"
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
  enum class engine_kind { none, given, found, docker, podman };

  caf::error open_folder();
  caf::error prepare_environments();
  caf::error find_engine();
  caf::error start_engine();
  caf::error try_engine(caf::expected<part_options> part, engine_kind kind);
  caf::error start_registry();
  caf::error start_git();
  caf::error start_hub();
  caf::error load_base_image();
  caf::error wait_for_hub();
  void push_base_image(const std::string& hash);

  void add(part_options part);
  void say(const std::string& line) const {
    if (options_.say) options_.say(line);
  }
  /// Something that others can do without is not there.
  caf::error lacks(const std::string& what, const caf::error& why) const {
    if (code_of(why) == errc::cancelled) return why;
    say(what + ": " + describe(why));
    return {};
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
  std::string python_folder_;
  std::string registry_url_;  ///< our own
  engine_kind engine_kind_ = engine_kind::none;
  std::optional<engine_address> engine_;
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
  all_.bindery.state_folder = folder_->path();
  return {};
}

caf::error distribution::stack::prepare_environments() {
  if (own_hub() || own_repo2docker()) {
    auto python = prepare_.python_environment();
    if (!python) return std::move(python.error());
    python_folder_ = std::move(*python);
    if (own_repo2docker()) all_.bindery.repo2docker = python_folder_ + "/bin/jupyter-repo2docker";
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
  bool given = wanted != bindery_settings{}.container_engine;
  auto address = parse_engine_address(wanted);
  if (!address) return std::move(address.error());
  auto version = engine_version(parts_, *address);
  if (!version) {
    // Nobody asked for the usual place in particular: then it may as well be our own.
    if (!given) return {};
    return make_error(code_of(version.error()),
                      "The container engine at " + shown_url(wanted) +
                          " cannot be used: " + describe(version.error()));
  }
  engine_ = std::move(*address);
  // The form that every Docker client understands.
  if (!engine_->unix_socket.empty())
    all_.bindery.container_engine = "unix://" + engine_->unix_socket;
  engine_kind_ = given ? engine_kind::given : engine_kind::found;
  say("Using the container engine " + *version + " at " + shown_url(wanted));
  if (own_registry() && engine_->unix_socket.empty() && !is_loopback(engine_->base_url)) {
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

/// An engine of our own where none was found: Docker's, else Podman.
caf::error distribution::stack::start_engine() {
  if (engine_) return remove_containers(parts_, *engine_, folder_->id());
  auto docker = find_program("dockerd"), podman = find_program("podman");
  bool root = ::geteuid() == 0;
  if (root && !docker.empty()) {
    add(network_part(*folder_, prepare_.recipes()));
    auto why = parts_.wait("container network");
    if (!why)
      why =
          try_engine(docker_part(*folder_, docker, all_.docker_registry.url), engine_kind::docker);
    if (!why || code_of(why) == errc::cancelled) return why;
    parts_.stop("container engine");
    parts_.stop("container network");
    if (podman.empty())
      return lacks("No container engine, so builds and servers fail until one runs", why);
    say("Docker's engine cannot be used, trying Podman: " + describe(why));
  }
  if (!podman.empty()) {
    auto why =
        try_engine(podman_part(*folder_, podman, all_.docker_registry.url), engine_kind::podman);
    if (!why || code_of(why) == errc::cancelled) return why;
    parts_.stop("container engine");
    return lacks("No container engine, so builds and servers fail until one runs", why);
  }
  say("No container engine runs at " + all_.bindery.container_engine +
      ", so builds and servers fail until one does; starting one needs " +
      (root ? "the Debian package docker.io or podman" : "root, or the Debian package podman"));
  return {};
}

caf::error distribution::stack::try_engine(caf::expected<part_options> part, engine_kind kind) {
  if (!part) return std::move(part.error());
  add(std::move(*part));
  if (auto why = parts_.wait("container engine")) return why;
  auto address = "unix://" + engine_socket(*folder_);
  auto engine = parse_engine_address(address);
  if (!engine) return std::move(engine.error());
  auto version = engine_version(parts_, *engine);
  if (!version) return std::move(version.error());
  // Of an earlier run that was killed.
  if (auto why = remove_containers(parts_, *engine, folder_->id())) return why;
  engine_ = std::move(*engine);
  engine_kind_ = kind;
  all_.bindery.container_engine = address;
  say("The container engine runs: " +
      std::string{kind == engine_kind::docker ? "Docker " : "Podman "} + *version);
  return {};
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
  hub_.python_folder = python_folder_;
  hub_.recipes = prepare_.recipes();
  hub_.engine = all_.bindery.container_engine;
  hub_.internal_addresses = engine_kind_ == engine_kind::docker;
  add(proxy_part(*folder_, hub_));
  auto part = hub_part(*folder_, hub_);
  if (!part) return std::move(part.error());
  add(std::move(*part));
  hub.hub_url = hub.hub_url_local = local_url(hub_.port) + "/";
  hub.hub_api_token = secret{hub_.api_token};
  return {};
}

caf::error distribution::stack::load_base_image() {
  if (!engine_) return {};
  const std::string lacking = "No base image, so the sample cannot be built";
  auto name = prepare_.base_image_name();
  if (!name) return lacks(lacking, name.error());
  auto hash = archive_hash(*name);
  auto there = base_image_hash(parts_, *engine_);
  if (!there) return std::move(there.error());
  if (*there != hash) {
    auto archive = prepare_.base_image_archive();
    // An older one will do.
    if (!archive) return there->empty() ? lacks(lacking, archive.error()) : caf::error{};
    say("Loading the base image into the container engine (once)");
    auto import = prepare_.step_for("load the base image", "base-image/import", {*archive, hash});
    if (python_folder_.empty()) {
      auto python = prepare_.python_environment();
      if (!python) return lacks(lacking, python.error());
      python_folder_ = std::move(*python);
    }
    import.process.arguments.insert(import.process.arguments.begin(), import.process.program);
    import.process.program = python_folder_ + "/bin/python";
    import.process.environment.emplace_back("DOCKER_HOST", all_.bindery.container_engine);
    if (auto loaded = parts_.run(std::move(import)); !loaded) return lacks(lacking, loaded.error());
  }
  push_base_image(hash);
  return {};
}

/// In the background: without it, only the first push of an image takes longer.
void distribution::stack::push_base_image(const std::string& hash) {
  if (registry_url_.empty() || python_folder_.empty()) return;
  if (parts_.wait("registry") || registry_has(parts_, registry_url_, "bindery/base", hash)) return;
  auto repository = all_.binder_hub.image_prefix + "base";
  auto push = prepare_.step_for("copy the base image to the registry", "base-image/push",
                                {repository, hash});
  push.process.arguments.insert(push.process.arguments.begin(), push.process.program);
  push.process.program = python_folder_ + "/bin/python";
  push.process.environment.emplace_back("DOCKER_HOST", all_.bindery.container_engine);
  push.say = nullptr;
  parts_.run_beside(std::move(push), [say = options_.say](const caf::error& why) {
    if (say) say(describe(why));
  });
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
  if (engine_)
    if (auto why = remove_containers(parts_, *engine_, folder_->id()))
      say("Cannot end every server: " + describe(why));
  parts_.stop_all();
  if (engine_kind_ == engine_kind::docker) clear_after_engine(*folder_);
  if (folder_) folder_->release();
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
