#include "actors/runner_worker.hpp"

#include <utility>

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>

#include "runtime/error.hpp"
#include "runtime/net/tcp_dial.hpp"

namespace bindery {

runner_worker_actor::behavior_type runner_worker_state::make_behavior() {
  return {
      [this](run_atom, const launch_request& request,
             const launch_sink_actor& sink) -> caf::result<launch_supervisor_actor> {
        return run(request, sink);
      },
  };
}

caf::expected<launch_supervisor_actor> runner_worker_state::run(const launch_request& request,
                                                                const launch_sink_actor& sink) {
  std::string tried;
  for (size_t i = 0; i < options.runners.size(); ++i) {
    auto index = next++ % options.runners.size();
    auto supervisor = run_on(index, request, sink);
    if (supervisor) return supervisor;
    nodes[index].reset();  // dial anew next time
    const auto& runner = options.runners[index];
    tried += (tried.empty() ? "" : ", ") + runner.host + ":" + std::to_string(runner.port);
  }
  return make_error(errc::unreachable,
                    "No node could take this launch (tried " + tried + "). Try again later.",
                    "No node could take this launch. Try again later.");
}

caf::error runner_worker_state::connect(size_t index) {
  const auto& runner = options.runners[index];
  if (self->clock().now() < silent_until[index])
    return make_error(errc::unreachable, runner.host + " did not answer a moment ago");
  // The middleman's own dialling blocks for minutes where a host is silent.
  auto began = self->clock().now();
  if (auto why = dial_tcp(runner.host, runner.port, options.dial_timeout)) {
    if (self->clock().now() - began >= options.dial_timeout)
      silent_until[index] = self->clock().now() + options.silence_memory;
    return why;
  }
  auto connected = self->system().middleman().connect(runner.host, runner.port);
  if (!connected) return std::move(connected.error());
  nodes[index] = std::move(*connected);
  return {};
}

caf::expected<launch_supervisor_actor> runner_worker_state::run_on(size_t index,
                                                                   const launch_request& request,
                                                                   const launch_sink_actor& sink) {
  if (!nodes[index])
    if (auto why = connect(index)) return why;
  return self->system().middleman().remote_spawn<launch_supervisor_actor>(
      *nodes[index], supervisor_type_name, caf::make_message(request, sink, options.logs),
      caf::duration{options.spawn_timeout});
}

runner_worker_actor::behavior_type runner_worker(
    runner_worker_actor::stateful_pointer<runner_worker_state> self,
    runner_worker_options options) {
  self->state.options = std::move(options);
  self->state.nodes.resize(self->state.options.runners.size());
  self->state.silent_until.resize(self->state.options.runners.size());
  return self->state.make_behavior();
}

}  // namespace bindery
