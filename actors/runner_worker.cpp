#include "actors/runner_worker.hpp"

#include <utility>

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>

#include "runtime/error.hpp"

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
                    "No node could take this launch (tried " + tried + "). Try again later.");
}

caf::expected<launch_supervisor_actor> runner_worker_state::run_on(size_t index,
                                                                   const launch_request& request,
                                                                   const launch_sink_actor& sink) {
  auto& middleman = self->system().middleman();
  if (!nodes[index]) {
    auto connected = middleman.connect(options.runners[index].host, options.runners[index].port);
    if (!connected) return std::move(connected.error());
    nodes[index] = std::move(*connected);
  }
  return middleman.remote_spawn<launch_supervisor_actor>(*nodes[index], supervisor_type_name,
                                                         caf::make_message(request, sink),
                                                         caf::duration{options.spawn_timeout});
}

runner_worker_actor::behavior_type runner_worker(
    runner_worker_actor::stateful_pointer<runner_worker_state> self,
    runner_worker_options options) {
  self->state.options = std::move(options);
  self->state.nodes.resize(self->state.options.runners.size());
  return self->state.make_behavior();
}

}  // namespace bindery
