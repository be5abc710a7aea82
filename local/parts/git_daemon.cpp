#include "local/parts/parts.hpp"

namespace bindery {

part_options git_daemon_part(const stack_folder& folder, uint16_t port) {
  part_options options;
  options.name = "git daemon";
  options.process.program = "git";
  options.process.arguments = {"daemon",
                               "--listen=127.0.0.1",
                               "--port=" + std::to_string(port),
                               "--base-path=" + folder.file("repositories"),
                               "--reuseaddr",
                               "--verbose",
                               "--informative-errors"};
  // Not by a connection: another program's port would answer as well.
  options.readiness.line = "Ready to rumble";
  options.log_file = folder.file("logs/git-daemon.log");
  return options;
}

}  // namespace bindery
