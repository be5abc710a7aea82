#include "cli/builder_info.hpp"

#include <chrono>
#include <string>
#include <utility>

#include <caf/scoped_actor.hpp>
#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/log.hpp"

namespace bindery {

namespace {

/// Python takes its time on a busy machine; a start must not wait for ever.
constexpr std::chrono::seconds patience{8};
constexpr size_t max_version_bytes = 100;

/// What `repo2docker --version` prints; "" where it does not.
std::string repo2docker_version(caf::actor_system& system, const std::string& program,
                                const process_runner_actor& processes) {
  process_spec spec;
  spec.program = program;
  spec.arguments = {"--version"};
  spec.timeout = patience;
  std::string version, why;
  caf::scoped_actor asker{system};
  asker->request(processes, 2 * patience, run_atom::value, std::move(spec))
      .receive(
          [&](const process_result& result) {
            version = result.output.substr(0, result.output.find('\n'));
            if (!result.end.ok()) why = to_string(result.end);
          },
          [&](const caf::error& fault) { why = describe(fault); });
  if (why.empty() && !version.empty() && version.size() <= max_version_bytes) return version;
  log_line(log_level::warning, "repo2docker does not tell its version",
           {{"program", program}, {"why", why}});
  return {};
}

}  // namespace

nlohmann::json builder_info_of(caf::actor_system& system, const settings& all,
                               const process_runner_actor& processes) {
  auto info = nlohmann::json::object();
  for (const auto& [name, value] : all.build.builder_info) info[name] = value;
  if (!info.empty() || all.binder_hub.build_class != "LocalRepo2dockerBuild") return info;
  auto version = repo2docker_version(system, all.bindery.repo2docker, processes);
  if (!version.empty()) info["repo2docker-version"] = version;
  return info;
}

}  // namespace bindery
