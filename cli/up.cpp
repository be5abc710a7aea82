#include <atomic>
#include <chrono>
#include <future>
#include <iostream>
#include <string>

#include "cli/commands.hpp"
#include "cli/folders.hpp"
#include "cli/launch_client.hpp"
#include "cli/node_file.hpp"
#include "cli/progress.hpp"
#include "cli/running_node.hpp"
#include "cli/settings_file.hpp"
#include "cli/signals.hpp"
#include "local/distribution.hpp"
#include "runtime/error.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

using std::chrono::seconds;

constexpr seconds launch_patience{3600};
/// Longer than the parts take to end in order.
constexpr seconds hard_end{90};

int fail(const caf::error& why) {
  std::cerr << "error: " << describe(why) << std::endl;
  return 1;
}

/// Launches `spec` as a browser would and prints what comes of it.
caf::error launch(curl_engine& engine, const std::string& base_url, const std::string& spec,
                  progress_printer& printer) {
  printer.say("Launching " + spec);
  auto server = launch_and_follow(
      engine, base_url, spec, launch_patience,
      [&](const std::string& phase, const std::string& message) { printer.event(phase, message); });
  if (!server) return std::move(server.error());
  auto status = ask_server(engine, *server);
  if (!status) return std::move(status.error());
  if (*status != 200)
    return make_error(errc::bad_answer, "The server at " + server->url + " answered " +
                                            std::to_string(*status) + " instead of its page");
  printer.say("The server answers 200 at\n\n  " + server->url + "?token=" + server->token + "\n");
  return {};
}

/// The folders that `arguments` and the environment name.
distribution_options options_for(const up_arguments& arguments, const settings& given,
                                 progress_printer& printer) {
  distribution_options options;
  options.given = given;
  auto wanted =
      arguments.state_folder.empty() ? given.bindery.state_folder : arguments.state_folder;
  options.state_folder = state_folder(wanted);
  options.source_folder = recipes_folder();
  options.cache_folder = cache_folder();
  options.say = [&printer](const std::string& line) { printer.say(line); };
  return options;
}

/// What `up` was asked to launch, as a spec; "" for nothing.
std::string spec_to_launch(const up_arguments& arguments, const std::string& sample_spec) {
  auto wants_sample = arguments.launch == "sample" || (arguments.launch.empty() && arguments.check);
  return wants_sample ? sample_spec : arguments.launch;
}

/// With the parts up: launches what was asked for, then waits for a signal.
int use_node(running_node& running, const std::string& sample, const up_arguments& arguments,
             const end_signals& signals, progress_printer& printer) {
  auto sample_spec = sample.empty() ? "" : "git/" + percent_escape(sample) + "/HEAD";
  printer.say("Bindery is ready at " + running.url());
  if (!sample.empty()) printer.say("A sample launch link: " + running.url() + "v2/" + sample_spec);
  auto spec = spec_to_launch(arguments, sample_spec);
  int status = 0;
  if (spec.empty() && arguments.check)
    status = fail(make_error(errc::bad_request,
                             "There is no sample repository to check with; name one by --launch"));
  curl_engine engine;
  std::future<caf::error> launched;
  auto stopped = false;
  if (!spec.empty()) {
    launched = std::async(std::launch::async,
                          [&] { return launch(engine, running.url(), spec, printer); });
    while (!stopped && launched.wait_for(seconds{0}) != std::future_status::ready)
      stopped = signals.wait_for(std::chrono::milliseconds{100});
  }
  if (launched.valid() && !stopped)
    if (auto why = launched.get()) status = fail(why);
  if (!stopped && !arguments.check) {
    printer.say("Ctrl-C ends it and everything it started.");
    signals.wait();
  }
  printer.say("Ending");
  signals.end_within(hard_end);
  running.stop();
  if (launched.valid()) launched.wait();  // its stream ended with the server
  return status;
}

int run_node(caf::actor_system& system, const node_config& config, node_options options,
             const std::string& sample, const up_arguments& arguments, const end_signals& signals,
             progress_printer& printer) {
  std::atomic<bool> broken = false;
  options.on_fault = [&](const std::string& why) {
    printer.say("error: " + why);
    broken = true;
    end_signals::raise();
  };
  auto running = running_node::start(system, config, std::move(options));
  if (!running) return fail(running.error());
  auto status = use_node(*running, sample, arguments, signals, printer);
  return broken ? 1 : status;
}

/// Starts the parts; a signal meanwhile ends the start.
caf::expected<distribution> start_parts(caf::actor_system& system, distribution_options options,
                                        const upstream_actors& upstreams,
                                        const end_signals& signals) {
  std::stop_source stop;
  options.cancelled = stop.get_token();
  auto started = std::async(std::launch::async, [&] {
    return distribution::start(system, std::move(options), upstreams.processes, upstreams.http);
  });
  while (started.wait_for(seconds{0}) != std::future_status::ready)
    if (signals.wait_for(std::chrono::milliseconds{50})) stop.request_stop();
  return started.get();
}

int bring_up(caf::actor_system& system, const node_config& config, const upstream_actors& upstreams,
             const up_arguments& arguments, const settings& given, const end_signals& signals,
             progress_printer& printer) {
  std::atomic<bool> broken = false;
  auto options = options_for(arguments, given, printer);
  options.on_failure = [&](const caf::error& why) {
    printer.say("error: " + describe(why));
    broken = true;
    end_signals::raise();
  };
  auto state = options.state_folder;
  auto parts = start_parts(system, std::move(options), upstreams, signals);
  if (!parts) return fail(parts.error());
  if (auto why = write_node_file(state + "/node.yaml", parts->effective())) return fail(why);
  node_options node;
  node.all = parts->effective();
  node.upstreams = upstreams;
  auto status = run_node(system, config, std::move(node), parts->sample_repository(), arguments,
                         signals, printer);
  signals.end_within(hard_end);
  parts->stop();
  printer.say("Everything has ended");
  return broken ? 1 : status;
}

}  // namespace

int up_main(const up_arguments& arguments) {
  // One machine's own people are not strangers: unless the file says so, nobody is counted.
  settings defaults;
  defaults.rate_limiter.limit = 0;
  auto report = read_settings(arguments.file, defaults);
  // The hub that comes with us knows no logins: they need one that is set up for them.
  if (report.problems.empty() && report.values.binder_hub.auth_enabled) require_serving(report);
  if (!tell(report)) return 1;
  if (arguments.port >= 0) report.values.binder_hub.port = static_cast<uint16_t>(arguments.port);
  start_log(report.values);

  end_signals signals;
  progress_printer printer;
  node_config config;
  caf::actor_system system{config};
  auto upstreams = start_upstreams(system);
  auto status = bring_up(system, config, upstreams, arguments, report.values, signals, printer);
  signals.end_within(hard_end);
  stop_upstreams(system, upstreams);
  return status;
}

}  // namespace bindery
