#include "local/step.hpp"

#include <utility>

#include "runtime/error.hpp"

namespace bindery {

namespace {

constexpr size_t max_output_bytes = 64 * 1024;

}  // namespace

step_state::~step_state() {
  if (done.pending()) done.deliver(make_error(errc::shutting_down));
}

step_actor::behavior_type step_state::make_behavior() {
  return {
      [this](line_atom, uint64_t, int32_t from, const std::string& line) { on_line(from, line); },
      [this](end_atom, uint64_t, const process_exit& end) { on_end(end); },
      [this](end_atom, uint64_t, const caf::error& why) { finish(why); },
      [this](run_atom) { return run(); },
      [this](stop_atom) { stop(); },
  };
}

caf::result<std::string> step_state::run() {
  done = self->make_response_promise();
  auto promise = done;
  self->request(runner, caf::infinite, start_atom::value, options.process,
                process_sink_actor{step_actor{self}})
      .then(
          [this](uint64_t given) {
            ticket = given;
            if (stopped) stop();
          },
          [this](const caf::error& why) { finish(why); });
  return promise;
}

void step_state::on_line(int32_t from, const std::string& line) {
  if (from == 1) {
    if (output.size() + line.size() < max_output_bytes) output += line + "\n";
    return;
  }
  last_words = line;
  if (options.say) options.say(line);
}

void step_state::on_end(const process_exit& end) {
  if (stopped) return finish(make_error(errc::cancelled));
  if (!end.ok())
    return finish(
        make_error(errc::process_failed, "Cannot " + options.name + " (" + to_string(end) + ")" +
                                             (last_words.empty() ? "" : ": " + last_words)));
  if (!output.empty()) output.pop_back();
  std::exchange(done, {}).deliver(std::move(output));
  self->quit();
}

void step_state::finish(const caf::error& why) {
  std::exchange(done, {}).deliver(why);
  self->quit();
}

void step_state::stop() {
  stopped = true;
  if (ticket != 0) self->send(runner, stop_atom::value, ticket);
}

step_actor::behavior_type step(step_actor::stateful_pointer<step_state> self, step_options options,
                               process_runner_actor runner) {
  self->state.options = std::move(options);
  self->state.runner = std::move(runner);
  return self->state.make_behavior();
}

}  // namespace bindery
