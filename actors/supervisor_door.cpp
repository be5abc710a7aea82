#include "actors/supervisor_door.hpp"

#include <algorithm>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include "runtime/error.hpp"

namespace bindery {

void supervisor_door::open(std::shared_ptr<const launch_services> services) {
  std::lock_guard lock{mutex_};
  services_ = std::move(services);
}

void supervisor_door::close() {
  std::vector<caf::weak_actor_ptr> inside;
  {
    std::lock_guard lock{mutex_};
    services_.reset();
    inside.swap(inside_);
  }
  for (const auto& one : inside)
    if (auto supervisor = caf::actor_cast<caf::strong_actor_ptr>(one))
      caf::anon_send(caf::actor_cast<launch_supervisor_actor>(supervisor), leave_atom::value);
}

launch_supervisor_actor::behavior_type supervisor_door::enter(
    launch_supervisor_actor::stateful_pointer<launch_supervisor_state> self,
    const launch_request& request, const launch_sink_actor& sink,
    const build_logs_actor& client_logs) {
  std::shared_ptr<const launch_services> services;
  {
    std::lock_guard lock{mutex_};
    services = services_;
    if (inside_.size() >= sweep_at_) {
      std::erase_if(inside_,
                    [](const auto& one) { return !caf::actor_cast<caf::strong_actor_ptr>(one); });
      sweep_at_ = std::max<size_t>(64, 2 * inside_.size());
    }
    if (services) inside_.emplace_back(self->ctrl());
  }
  if (services) return launch_supervisor(self, std::move(services), request, sink, client_logs);
  auto failure = make_failure("The node that took this launch is ending. Launch again.",
                              http_status(errc::shutting_down));
  failure.number = 1;
  self->send(sink, event_atom::value, request.launch_id, std::move(failure));
  self->quit();
  return self->state.make_behavior();
}

}  // namespace bindery
