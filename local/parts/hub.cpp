#include <cstdlib>

#include "local/parts/parts.hpp"

namespace bindery {

namespace {

constexpr const char* localhost = "http://127.0.0.1:";

std::string variable_or(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

}  // namespace

part_options proxy_part(const stack_folder& folder, const hub_options& options) {
  part_options part;
  part.name = "proxy";
  part.process.program = options.node_folder + "/node_modules/.bin/configurable-http-proxy";
  part.process.arguments = {
      "--ip=127.0.0.1",
      "--port=" + std::to_string(options.port),
      "--api-ip=127.0.0.1",
      "--api-port=" + std::to_string(options.proxy_api_port),
      "--error-target=" + (localhost + std::to_string(options.hub_port)) + "/hub/error",
      "--log-level=warn"};
  part.process.environment = {{"CONFIGPROXY_AUTH_TOKEN", options.proxy_token}};
  auto& probe = part.readiness.request.emplace();
  probe.url = localhost + std::to_string(options.proxy_api_port) + "/api/routes";
  probe.headers = {{"Authorization", "token " + options.proxy_token}};
  part.log_file = folder.file("logs/proxy.log");
  return part;
}

caf::expected<part_options> hub_part(const stack_folder& folder, const hub_options& options) {
  auto state = folder.subfolder("hub");
  if (!state) return std::move(state.error());
  part_options part;
  part.name = "hub";
  part.process.program = options.python_folder + "/bin/jupyterhub";
  part.process.arguments = {"--config", options.recipes + "/jupyterhub/jupyterhub_config.py"};
  part.process.working_folder = *state;
  part.process.environment = {
      {"BINDERY_HUB_STATE", *state},
      {"BINDERY_HUB_PORT", std::to_string(options.port)},
      {"BINDERY_HUB_API_PORT", std::to_string(options.hub_port)},
      {"BINDERY_PROXY_API_PORT", std::to_string(options.proxy_api_port)},
      {"BINDERY_STATE_LABEL", folder.id()},
      {"BINDERY_INTERNAL_ADDRESSES", options.internal_addresses ? "1" : "0"},
      {"BINDERY_CULLER_TOKEN", options.culler_token},
      {"CONFIGPROXY_AUTH_TOKEN", options.proxy_token},
      {"JUPYTERHUB_API_TOKEN", options.api_token},
      {"DOCKER_HOST", options.engine}};
  part.process.stop_grace = std::chrono::seconds{10};
  // Said once the proxy has its routes; asking the proxy until then would fill its log.
  part.readiness.line = "JupyterHub is now running";
  part.log_file = folder.file("logs/hub.log");
  return part;
}

part_options culler_part(const stack_folder& folder, const hub_options& options) {
  part_options part;
  part.name = "idle culler";
  part.process.program = options.python_folder + "/bin/python";
  part.process.arguments = {"-m",
                            "jupyterhub_idle_culler",
                            "--url=" + (localhost + std::to_string(options.hub_port)) + "/hub/api",
                            "--timeout=" + variable_or("BINDERY_IDLE_SECONDS", "600"),
                            "--cull-every=" + variable_or("BINDERY_CULL_EVERY_SECONDS", "60"),
                            "--cull-users",
                            "--concurrency=5"};
  part.process.environment = {{"JUPYTERHUB_API_TOKEN", options.culler_token}};
  part.log_file = folder.file("logs/idle-culler.log");
  return part;
}

}  // namespace bindery
