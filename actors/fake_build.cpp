#include "actors/fake_build.hpp"

#include <utility>
#include <vector>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "runtime/build/fake_log.hpp"

namespace bindery {

namespace {

struct fake_build_state {
  static inline const char* name = "fake_build";
  std::vector<fake_step> log;
  size_t next = 0;
};

void wait_for_next(caf::stateful_actor<fake_build_state>* self) {
  auto& state = self->state;
  if (state.next == state.log.size()) return self->quit();
  self->delayed_send(self, state.log[state.next].pause, start_atom::value);
}

caf::behavior fake_build(caf::stateful_actor<fake_build_state>* self, const build_request& request,
                         build_sink_actor sink) {
  self->state.log = fake_build_log(request);
  wait_for_next(self);
  return {[self, sink = std::move(sink), name = request.build_name](start_atom) {
    auto& state = self->state;
    self->send(sink, event_atom::value, name, std::move(state.log[state.next].says));
    ++state.next;
    wait_for_next(self);
  }};
}

}  // namespace

build_backend make_fake_backend() {
  return [](caf::actor_system& system, const build_request& request, build_sink_actor sink) {
    return system.spawn(fake_build, request, std::move(sink));
  };
}

}  // namespace bindery
