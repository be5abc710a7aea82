#include <atomic>
#include <iostream>
#include <string>

#include "cli/commands.hpp"
#include "cli/folders.hpp"
#include "cli/running_node.hpp"
#include "cli/settings_file.hpp"
#include "cli/signals.hpp"
#include "runtime/error.hpp"
#include "runtime/log.hpp"

namespace bindery {

int serve_main(const settings_arguments& arguments) {
  auto report = read_settings(arguments.file);
  if (report.problems.empty()) require_serving(report);
  if (!tell(report)) return 1;
  start_log(report.values);

  end_signals signals;
  node_config config;
  caf::actor_system system{config};
  node_options options;
  options.all = report.values;
  options.all.bindery.state_folder = state_folder(report.values.bindery.state_folder);
  options.upstreams = start_upstreams(system);
  auto upstreams = options.upstreams;
  std::atomic<bool> broken = false;
  options.on_fault = [&broken](const std::string&) {
    broken = true;
    end_signals::raise();
  };
  int status = 0;
  {
    auto running = running_node::start(system, config, std::move(options));
    if (running) {
      log_line(log_level::info, "serving", {{"url", running->url()}});
      if (auto port = running->parts().cluster_port(); port != 0)
        log_line(log_level::info, "open to other nodes", {{"port", std::to_string(port)}});
      signals.wait();
      log_line(log_level::info, "ending");
      signals.end_within(std::chrono::seconds{30});
      running->stop();
      status = broken ? 1 : 0;
    } else {
      std::cerr << "error: " << describe(running.error()) << "\n";
      signals.end_within(std::chrono::seconds{30});
      status = 1;
    }
  }
  stop_upstreams(system, upstreams);
  return status;
}

}  // namespace bindery
