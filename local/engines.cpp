#include "local/engines.hpp"

#include <unistd.h>
#include <utility>

#include "local/images.hpp"
#include "local/parts/parts.hpp"
#include "local/preparation.hpp"
#include "runtime/error.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

engines::engines(crew& parts, const stack_folder& folder, std::string recipes,
                 std::function<void(const std::string&)> say)
    : parts_(parts), folder_(folder), recipes_(std::move(recipes)), say_(std::move(say)) {}

caf::expected<chosen_engine> engines::find(const std::string& address) {
  auto place = parse_engine_address(address);
  if (!place) return std::move(place.error());
  chosen_engine engine;
  auto version = engine_version(parts_, *place);
  if (!version)
    return make_error(code_of(version.error()),
                      "The container engine at " + shown_url(address) +
                          " cannot be used: " + describe(version.error()));
  engine.kind = engine_kind::running;
  engine.docker_host = place->unix_socket.empty() ? address : "unix://" + place->unix_socket;
  engine.address = std::move(*place);
  engine.version = std::move(*version);
  return engine;
}

caf::expected<chosen_engine> engines::start(const std::string& registry_url) {
  bool root = ::geteuid() == 0;
  for (auto [kind, name] :
       {std::pair{engine_kind::docker, "dockerd"}, std::pair{engine_kind::podman, "podman"}}) {
    auto program = find_program(name);
    if (program.empty() || (kind == engine_kind::docker && !root)) continue;
    auto engine = try_own(kind, program, registry_url);
    if (engine || code_of(engine.error()) == errc::cancelled) return engine;
    parts_.stop("container engine");
    parts_.stop("container network");
    say_("Cannot use " + program + " as container engine: " + describe(engine.error()));
  }
  say_(
      "There is no container engine, so builds and servers fail until one runs; starting one "
      "needs " +
      std::string{root ? "" : "root and "} + "the Debian package docker.io, or podman");
  return chosen_engine{};
}

caf::expected<chosen_engine> engines::try_own(engine_kind kind, const std::string& program,
                                              const std::string& registry_url) {
  bool docker = kind == engine_kind::docker;
  if (::geteuid() == 0) {
    parts_.add(network_part(folder_, recipes_, docker ? "docker" : "podman"));
    if (auto why = parts_.wait("container network")) return why;
  }
  auto part = docker ? docker_part(folder_, program, registry_url)
                     : podman_part(folder_, program, registry_url);
  if (!part) return std::move(part.error());
  parts_.add(std::move(*part));
  if (auto why = parts_.wait("container engine")) return why;
  auto engine = find("unix://" + engine_socket(folder_));
  if (engine) engine->kind = kind;
  return engine;
}

}  // namespace bindery
