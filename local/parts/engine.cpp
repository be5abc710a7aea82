#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "local/parts/parts.hpp"
#include "runtime/engine/address.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds containers_end{5};

/// `host:port` of a plain http registry, which an engine must be told to trust; "" for others.
std::string plain_registry(const std::string& url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return {};
  auto rest = url.substr(scheme.size());
  return rest.substr(0, rest.find('/'));
}

/// What both engines have in common.
part_options engine_options(const stack_folder& folder, const std::string& program) {
  part_options options;
  options.name = "container engine";
  options.process.program = program;
  options.process.stop_grace = containers_end + std::chrono::seconds{10};
  options.readiness.request.emplace();
  options.readiness.request->url = "http://engine/_ping";
  options.readiness.request->unix_socket = engine_socket(folder);
  options.log_file = folder.file("logs/engine.log");
  return options;
}

std::vector<std::string> words_of(const fs::path& file, char separator) {
  std::ifstream in{file, std::ios::binary};
  std::vector<std::string> words;
  for (std::string word; std::getline(in, word, separator);)
    if (!word.empty()) words.push_back(word);
  return words;
}

/// The processes that hold a container for the engine that ran in `exec_root`.
std::vector<pid_t> container_shims(const std::string& exec_root) {
  std::vector<pid_t> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator{"/proc", failed}) {
    auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    auto words = words_of(entry.path() / "cmdline", '\0');
    if (words.empty() || words[0].find("containerd-shim") == std::string::npos) continue;
    for (const auto& word : words)
      if (word.starts_with(exec_root + "/")) found.push_back(std::stoi(name));
  }
  return found;
}

/// `name=N:N`: our own hard limit, or `most` where that is lower.
std::string own_limit(const std::string& name, int resource, rlim_t most) {
  rlimit own{};
  auto limit = ::getrlimit(resource, &own) == 0 ? std::min(own.rlim_max, most) : most;
  auto text = std::to_string(limit);
  return name + "=" + text + ":" + text;
}

}  // namespace

std::string engine_socket(const stack_folder& folder) {
  return folder.run_file("engine.sock");
}

caf::expected<part_options> docker_part(const stack_folder& folder, const std::string& program,
                                        const std::string& registry_url) {
  auto data = folder.subfolder("engine");
  if (!data) return std::move(data.error());
  auto exec_root = folder.run_file("engine");
  nlohmann::json config{
      {"data-root", *data + "/docker"},
      {"exec-root", exec_root},
      {"pidfile", folder.run_file("engine.pid")},
      {"hosts", {"unix://" + engine_socket(folder)}},
      {"bridge", bridge_of(folder)},
      // The network part does all this, for our bridge alone.
      {"iptables", false},
      {"ip6tables", false},
      {"ip-forward", false},
      {"ip-masq", false},
      {"shutdown-timeout", containers_end.count()},
      {"log-level", "warn"},
      {"log-opts", {{"max-size", "10m"}, {"max-file", "1"}}},
  };
  if (auto registry = plain_registry(registry_url); !registry.empty())
    config["insecure-registries"] = {registry};
  if (auto why = folder.write("engine/docker.json", config.dump(2))) return why;
  auto options = engine_options(folder, program);
  // A file of ours also keeps the machine's own daemon.json out.
  options.process.arguments = {"--config-file", *data + "/docker.json"};
  options.before_start = [exec_root, pid_file = folder.run_file("engine.pid")] {
    // A killed engine takes its containerd along, and would believe this number to be it.
    std::error_code ignored;
    fs::remove(exec_root + "/containerd/containerd.pid", ignored);
    fs::remove(pid_file, ignored);
  };
  return options;
}

caf::expected<part_options> podman_part(const stack_folder& folder, const std::string& program,
                                        const std::string& registry_url) {
  auto data = folder.subfolder("engine");
  if (!data) return std::move(data.error());
  auto config = *data + "/containers.conf";
  // Podman takes systemd for granted, and limits that this process may not be allowed to give.
  if (auto why = folder.write("engine/containers.conf",
                              "[engine]\n"
                              "cgroup_manager = \"cgroupfs\"\n"
                              "events_logger = \"file\"\n"
                              "[containers]\n"
                              "default_ulimits = [\"" +
                                  own_limit("nofile", RLIMIT_NOFILE, 1'048'576) + "\", \"" +
                                  own_limit("nproc", RLIMIT_NPROC, 32'768) + "\"]\n"))
    return why;
  auto registries = std::string{"unqualified-search-registries = [\"docker.io\"]\n"};
  if (auto registry = plain_registry(registry_url); !registry.empty())
    registries += "[[registry]]\nlocation = \"" + registry + "\"\ninsecure = true\n";
  if (auto why = folder.write("engine/registries.conf", registries)) return why;
  auto options = engine_options(folder, program);
  options.process.arguments = {
      "--root", *data + "/podman", "--runroot", folder.run_file("engine"),
      "system", "service",         "--time=0",  "unix://" + engine_socket(folder)};
  options.process.environment = {{"CONTAINERS_CONF", config},
                                 {"CONTAINERS_REGISTRIES_CONF", *data + "/registries.conf"}};
  return options;
}

void clear_after_engine(const stack_folder& folder) {
  for (auto shim : container_shims(folder.run_file("engine"))) {
    auto tasks = fs::path{"/proc"} / std::to_string(shim) / "task";
    std::error_code failed;
    for (const auto& task : fs::directory_iterator{tasks, failed})
      for (const auto& child : words_of(task.path() / "children", ' '))
        ::kill(std::stoi(child), SIGKILL);
    ::kill(shim, SIGKILL);
  }
  // The engine mounts its data on itself and leaves that behind.
  if (::geteuid() == 0) ::umount2(folder.file("engine/docker").c_str(), MNT_DETACH);
}

}  // namespace bindery
