#include <nlohmann/json.hpp>

#include "local/parts/parts.hpp"

namespace bindery {

caf::expected<part_options> registry_part(const stack_folder& folder, const std::string& program,
                                          uint16_t port) {
  auto data = folder.subfolder("registry");
  if (!data) return std::move(data.error());
  auto secret = folder.secret_token("registry");
  if (!secret) return std::move(secret.error());
  auto address = "127.0.0.1:" + std::to_string(port);
  // JSON is YAML, and needs no quoting of ours.
  nlohmann::json config{
      {"version", 0.1},
      {"log", {{"level", "warn"}, {"accesslog", {{"disabled", true}}}}},
      {"storage",
       {{"filesystem", {{"rootdirectory", *data + "/data"}}}, {"delete", {{"enabled", true}}}}},
      {"http", {{"addr", address}, {"secret", *secret}}},
  };
  if (auto why = folder.write("registry/config.yml", config.dump(2))) return why;
  part_options options;
  options.name = "registry";
  options.process.program = program;
  options.process.arguments = {"serve", *data + "/config.yml"};
  options.readiness.request.emplace().url = "http://" + address + "/v2/";
  options.log_file = folder.file("logs/registry.log");
  return options;
}

}  // namespace bindery
