#include "local/parts/parts.hpp"

namespace bindery {

std::string bridge_of(const stack_folder& folder) {
  return "bindery-" + folder.id();
}

part_options network_part(const stack_folder& folder, const std::string& recipes,
                          const std::string& engine) {
  part_options options;
  options.name = "container network";
  options.process.program = recipes + "/setup/network";
  options.process.arguments = {bridge_of(folder), engine};
  // It waits for others that change the network at the same time.
  options.process.stop_grace = std::chrono::seconds{10};
  options.readiness.line = "network ready";
  options.restart.quick_ends = 2;
  options.log_file = folder.file("logs/network.log");
  return options;
}

}  // namespace bindery
