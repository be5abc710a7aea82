#include "actors/resolver.hpp"

#include <utility>
#include <variant>

#include "runtime/error.hpp"
#include "runtime/providers/spec_text.hpp"

namespace bindery {

namespace {

/// No provider needs more; a longer chain means that an upstream leads us in circles.
constexpr uint32_t max_steps = 12;

}  // namespace

resolver_actor::behavior_type resolver_state::make_behavior() {
  return {
      [this](run_atom) { return run(); },
      [this](start_atom) { take(work->go_on()); },
  };
}

caf::result<resolved_repository> resolver_state::run() {
  answer = self->make_response_promise();
  auto read = provider->read(spec);
  if (!read) {
    fail(std::move(read.error()));
  } else {
    work = std::move(*read);
    take(work->start());
  }
  return caf::delegated<resolved_repository>{};
}

void resolver_state::take(caf::expected<resolve_step> step) {
  if (!step)
    fail(std::move(step.error()));
  else if (++steps > max_steps)
    fail(make_error(errc::bad_answer, "Resolving " + in_quotes(spec) + " took more than " +
                                          std::to_string(max_steps) + " steps; giving up"));
  else
    std::visit([this](auto& next) { carry_out(next); }, *step);
}

void resolver_state::carry_out(resolved_repository& done) {
  answer.deliver(std::move(done));
  self->quit();
}

void resolver_state::carry_out(http_request& request) {
  self->request(http, caf::infinite, fetch_atom::value, std::move(request))
      .then([this](const http_response& got) { take(work->on_response(got)); },
            [this](caf::error& why) { fail(std::move(why)); });
}

void resolver_state::carry_out(git_query& query) {
  self->request(git, caf::infinite, resolve_atom::value, std::move(query))
      .then([this](const std::string& commit) { take(work->on_commit(commit)); },
            [this](const caf::error& why) { take(work->on_failure(why)); });
}

void resolver_state::carry_out(notice& note) {
  self->send(supervisor, event_atom::value, std::string{},
             make_event(phase::waiting, note.message));
  self->delayed_send(resolver_actor{self}, note.delay, start_atom::value);
}

void resolver_state::fail(caf::error why) {
  answer.deliver(std::move(why));
  self->quit();
}

resolver_actor::behavior_type resolver(resolver_actor::stateful_pointer<resolver_state> self,
                                       const repo_provider* provider, std::string spec,
                                       http_client_actor http, git_actor git,
                                       launch_supervisor_actor supervisor) {
  auto& state = self->state;
  state.provider = provider;
  state.spec = std::move(spec);
  state.http = std::move(http);
  state.git = std::move(git);
  state.supervisor = std::move(supervisor);
  return state.make_behavior();
}

}  // namespace bindery
