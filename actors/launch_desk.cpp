#include "actors/launch_desk.hpp"

#include <utility>

#include "runtime/error.hpp"
#include "runtime/log.hpp"

namespace bindery {

launch_desk_actor::behavior_type launch_desk_state::make_behavior() {
  self->set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  return {
      [this](launch_atom, const launch_request& request, const launch_sink_actor& sink) {
        launch(request, sink);
      },
      [this](leave_atom, const std::string& launch_id, const launch_sink_actor& sink) {
        leave(launch_id, sink);
      },
      [this](event_atom, const std::string& launch_id, stream_event& event) {
        on_report(launch_id, std::move(event));
      },
      [this](delete_atom, const std::string& launch_id) { on_timer(launch_id); },
  };
}

void launch_desk_state::launch(const launch_request& request, const launch_sink_actor& sink) {
  auto [found, is_new] = launches.try_emplace(request.launch_id);
  for (const auto& event : found->second.events)
    self->send(sink, event_atom::value, request.launch_id, event);
  if (!is_new && found->second.sinks.empty() && found->second.supervisor)
    self->send(found->second.supervisor, start_atom::value);
  found->second.sinks.push_back(sink);
  if (is_new) place(request);
}

void launch_desk_state::place(const launch_request& request) {
  if (!runner) {
    adopt(request.launch_id, spawner(request, launch_sink_actor{self}));
    return;
  }
  self->request(runner, caf::infinite, run_atom::value, request, launch_sink_actor{self})
      .then([this, id = request.launch_id](
                launch_supervisor_actor& supervisor) { adopt(id, std::move(supervisor)); },
            [this, id = request.launch_id](const caf::error& why) {
              log_line(log_level::warning, "launch was taken by no node",
                       {{"launch_id", id}, {"why", describe(why)}});
              fail(id, describe_for_clients(why), http_status(code_of(why)));
            });
}

void launch_desk_state::adopt(const std::string& launch_id, launch_supervisor_actor supervisor) {
  auto found = launches.find(launch_id);
  if (found == launches.end()) {  // the client left meanwhile
    self->send(supervisor, leave_atom::value);
    return;
  }
  self->monitor(supervisor);
  supervisors.emplace(supervisor.address(), launch_id);
  if (found->second.sinks.empty()) self->send(supervisor, wait_atom::value);
  auto early = std::exchange(found->second.early, {});
  found->second.supervisor = supervisor;
  for (auto& [reporter, event] : early)
    if (supervisor.address() == reporter)
      tell(launch_id, std::move(event));
    else
      dismiss(reporter);
}

void launch_desk_state::leave(const std::string& launch_id, const launch_sink_actor& sink) {
  auto found = launches.find(launch_id);
  if (found == launches.end()) return;
  auto& sinks = found->second.sinks;
  for (auto i = sinks.begin(); i != sinks.end(); ++i)
    if (*i == sink) {
      sinks.erase(i);
      break;
    }
  if (!sinks.empty() || found->second.ended) return;
  if (found->second.supervisor) self->send(found->second.supervisor, wait_atom::value);
  found->second.unwatched_since = self->clock().now();
  self->delayed_send(launch_desk_actor{self}, options.rejoin_grace, delete_atom::value, launch_id);
}

void launch_desk_state::on_report(const std::string& launch_id, stream_event event) {
  const auto& reporter = self->current_sender();
  auto found = launches.find(launch_id);
  if (!reporter) return;
  if (found == launches.end() || found->second.ended)
    dismiss(reporter);
  else if (!found->second.supervisor)
    found->second.early.emplace_back(reporter, std::move(event));
  else if (found->second.supervisor.address() == reporter)
    tell(launch_id, std::move(event));
  else
    dismiss(reporter);
}

void launch_desk_state::dismiss(const caf::strong_actor_ptr& supervisor) {
  self->send(caf::actor_cast<launch_supervisor_actor>(supervisor), leave_atom::value);
}

void launch_desk_state::tell(const std::string& launch_id, stream_event event) {
  auto found = launches.find(launch_id);
  if (found == launches.end() || found->second.ended) return;
  auto& entry = found->second;
  for (const auto& sink : entry.sinks) self->send(sink, event_atom::value, launch_id, event);
  entry.ended = event.last();
  entry.events.push_back(std::move(event));
  if (!entry.ended) return;
  if (entry.supervisor) {
    self->demonitor(entry.supervisor.address());
    supervisors.erase(entry.supervisor.address());
    entry.supervisor = nullptr;
  }
  self->delayed_send(launch_desk_actor{self}, options.keep_ended, delete_atom::value, launch_id);
}

void launch_desk_state::on_timer(const std::string& launch_id) {
  auto found = launches.find(launch_id);
  if (found == launches.end()) return;
  auto& entry = found->second;
  if (!entry.ended) {
    // A timer of an earlier absence must not cut a later one short.
    if (!entry.sinks.empty() || self->clock().now() < entry.unwatched_since + options.rejoin_grace)
      return;
    if (entry.supervisor) {
      self->send(entry.supervisor, leave_atom::value);
      self->demonitor(entry.supervisor.address());
      supervisors.erase(entry.supervisor.address());
    }
  }
  launches.erase(found);
}

void launch_desk_state::on_down(const caf::down_msg& down) {
  auto found = supervisors.find(caf::actor_cast<caf::actor_addr>(down.source));
  if (found == supervisors.end()) return;
  auto launch_id = found->second;
  supervisors.erase(found);
  fail(launch_id, "The node that ran this launch went away. Launch again; what was built is kept.",
       http_status(errc::unreachable));
}

void launch_desk_state::fail(const std::string& launch_id, const std::string& message, int status) {
  auto found = launches.find(launch_id);
  if (found == launches.end()) return;
  auto failure = make_failure(message, status);
  failure.number = found->second.events.empty() ? 1 : found->second.events.back().number + 1;
  found->second.supervisor = nullptr;
  for (const auto& [reporter, event] : std::exchange(found->second.early, {})) dismiss(reporter);
  tell(launch_id, std::move(failure));
}

launch_desk_actor::behavior_type launch_desk(
    launch_desk_actor::stateful_pointer<launch_desk_state> self, launch_desk_options options,
    supervisor_spawner spawner, runner_worker_actor runner) {
  auto& state = self->state;
  state.options = options;
  state.spawner = std::move(spawner);
  state.runner = std::move(runner);
  return state.make_behavior();
}

}  // namespace bindery
