#pragma once

#include <cstdint>
#include <string>

#include <caf/expected.hpp>

#include "local/part.hpp"
#include "local/stack_folder.hpp"

/// The command line and configuration of each part. Each function writes the files that its part
/// reads and says how it is started; errors are io_failed.
namespace bindery {

/// The stack's own bridge.
std::string bridge_of(const stack_folder& folder);

/// Bridge, forwarding and masquerading for the containers of an engine of our own (`docker`), or
/// what takes away the network that one (`podman`) makes and leaves behind. As root.
part_options network_part(const stack_folder& folder, const std::string& recipes,
                          const std::string& engine);

/// Where an engine of our own listens.
std::string engine_socket(const stack_folder& folder);

/// Docker's engine with data, sockets and bridge of its own.
caf::expected<part_options> docker_part(const stack_folder& folder, const std::string& program,
                                        const std::string& registry_url);

/// Podman as an engine that speaks Docker's API. Works without root.
caf::expected<part_options> podman_part(const stack_folder& folder, const std::string& program,
                                        const std::string& registry_url);

/// Ends containers that outlived an engine of our own which was killed, and gives its mounts back.
void clear_after_engine(const stack_folder& folder);

/// Debian's docker-registry, on 127.0.0.1 without TLS.
caf::expected<part_options> registry_part(const stack_folder& folder, const std::string& program,
                                          uint16_t port);

/// Serves every repository in the stack's folder `repositories` as `git://127.0.0.1:port/<name>`.
part_options git_daemon_part(const stack_folder& folder, uint16_t port);

/// What hub, proxy and culler have in common.
struct hub_options {
  std::string python_folder;        ///< virtual environment with JupyterHub
  std::string node_folder;          ///< has node_modules with configurable-http-proxy
  std::string recipes;              ///< has jupyterhub/jupyterhub_config.py
  std::string engine;               ///< DOCKER_HOST
  bool internal_addresses = false;  ///< containers' own addresses can be reached from here
  uint16_t port = 0;                ///< where browsers reach hub and servers
  uint16_t hub_port = 0;
  uint16_t proxy_api_port = 0;
  std::string api_token;  ///< Bindery's own
  std::string proxy_token;
  std::string culler_token;
};

part_options proxy_part(const stack_folder& folder, const hub_options& options);
caf::expected<part_options> hub_part(const stack_folder& folder, const hub_options& options);
part_options culler_part(const stack_folder& folder, const hub_options& options);

}  // namespace bindery
