#include "local/part.hpp"

#include <algorithm>
#include <utility>

#include "runtime/error.hpp"

namespace bindery {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds probe_interval{50};
constexpr milliseconds probe_timeout{2'000};

/// `1.5 s`
std::string seconds_text(milliseconds time) {
  auto tenths = time.count() / 100;
  return std::to_string(tenths / 10) + (tenths % 10 ? "." + std::to_string(tenths % 10) : "") +
         " s";
}

}  // namespace

part_state::~part_state() {
  answer_waiting(make_error(errc::shutting_down));
  for (auto& promise : stopping) promise.deliver(make_error(errc::shutting_down));
}

part_actor::behavior_type part_state::make_behavior() {
  return {
      [this](line_atom, uint64_t, int32_t, const std::string& line) { on_line(line); },
      [this](end_atom, uint64_t, const process_exit& end) { on_end(end); },
      [this](end_atom, uint64_t, const caf::error& why) {
        alive = false;
        give_up(why);
      },
      [this](wait_atom) { return wait(); },
      [this](leave_atom) { leave(); },
      [this](stop_atom) { return stop(); },
      [this](start_atom, uint64_t number) { start_process(number); },
      [this](check_atom, uint64_t number) { probe(number); },
      [this](end_atom, uint64_t number) { on_late(number); },
  };
}

caf::result<void> part_state::wait() {
  if (now == stage::serving) return caf::unit;
  if (now == stage::failed) return failure;
  if (now == stage::stopping) return make_error(errc::cancelled);
  waiting.emplace_back(self->make_response_promise());
  return waiting.back();
}

void part_state::leave() {
  answer_waiting(make_error(errc::cancelled));
}

caf::result<void> part_state::stop() {
  auto promise = self->make_response_promise();
  stopping.push_back(promise);
  now = stage::stopping;
  answer_waiting(make_error(errc::cancelled));
  if (alive)
    end_process();
  else
    finish_stop();
  return promise;
}

void part_state::start_process(uint64_t number) {
  if (now != stage::pausing || number != life) return;
  if (options.before_start) options.before_start();
  now = stage::starting;
  alive = true;
  late = false;
  ticket = 0;
  ++life;
  started = self->clock().now();
  log->begin_life();
  self->request(runner, caf::infinite, start_atom::value, options.process,
                process_sink_actor{part_actor{self}})
      .then(
          [this](uint64_t given) {
            ticket = given;
            // It may have been told to stop before it had a name.
            if (alive && now == stage::stopping) end_process();
          },
          [this](const caf::error& why) {
            alive = false;
            give_up(why);
          });
  if (!options.readiness.request && options.readiness.line.empty()) return serve();
  self->delayed_send(self, options.readiness.deadline, end_atom::value, life);
  if (options.readiness.request) probe(life);
}

void part_state::probe(uint64_t number) {
  if (number != life || now != stage::starting) return;
  auto request = *options.readiness.request;
  request.timeout = request.connect_timeout = probe_timeout;
  auto again = [this, number] {
    self->delayed_send(self, probe_interval, check_atom::value, number);
  };
  self->request(http, 2 * probe_timeout, fetch_atom::value, std::move(request))
      .then(
          [this, number, again](const http_response& response) {
            if (number != life || now != stage::starting) return;
            if (response.status >= 200 && response.status < 400)
              serve();
            else
              again();
          },
          [again](const caf::error&) { again(); });
}

void part_state::serve() {
  now = stage::serving;
  served_ever = true;
  auto answered = std::exchange(waiting, {});
  for (auto& promise : answered) promise.deliver(caf::unit);
}

void part_state::on_late(uint64_t number) {
  if (number != life || now != stage::starting) return;
  late = true;
  end_process();
}

void part_state::on_line(const std::string& line) {
  log->add(line);
  const auto& mark = options.readiness.line;
  if (now == stage::starting && !mark.empty() && line.find(mark) != std::string::npos) serve();
}

void part_state::on_end(const process_exit& end) {
  alive = false;
  if (now == stage::stopping) return finish_stop();
  auto how = late ? "did not serve within " + seconds_text(options.readiness.deadline)
                  : "ended (" + to_string(end) + ")";
  if (late && !served_ever)
    return give_up(make_error(errc::timeout, "The " + options.name + " " + how + last_words()));
  if (self->clock().now() - started >= options.restart.stable_after) quick_ends = 0;
  if (++quick_ends >= options.restart.quick_ends)
    return give_up(make_error(errc::process_failed, "The " + options.name + " " + how + ", " +
                                                        std::to_string(quick_ends) +
                                                        " times in a row" + last_words()));
  now = stage::pausing;
  auto pause = options.restart.first_pause;
  for (uint32_t i = 1; i < quick_ends && pause < options.restart.longest_pause; ++i) pause *= 2;
  pause = std::min(pause, options.restart.longest_pause);
  if (options.say)
    options.say("The " + options.name + " " + how + "; starting it again in " +
                seconds_text(pause));
  self->delayed_send(self, pause, start_atom::value, life);
}

void part_state::give_up(const caf::error& why) {
  if (now == stage::stopping) return finish_stop();
  now = stage::failed;
  failure = why;
  answer_waiting(why);
  if (options.on_failure) options.on_failure(why);
}

void part_state::end_process() {
  if (ticket != 0) self->send(runner, stop_atom::value, ticket);
}

void part_state::finish_stop() {
  auto answered = std::exchange(stopping, {});
  for (auto& promise : answered) promise.deliver(caf::unit);
  self->quit();
}

void part_state::answer_waiting(const caf::error& why) {
  auto answered = std::exchange(waiting, {});
  for (auto& promise : answered) promise.deliver(why);
}

std::string part_state::last_words() const {
  auto words = log->last_words(" | ");
  return (words.empty() ? ". It said nothing" : ". Its last words: " + words) +
         ". The whole log: " + log->path();
}

part_actor::behavior_type part(part_actor::stateful_pointer<part_state> self, part_options options,
                               process_runner_actor runner, http_client_actor http) {
  auto& state = self->state;
  state.log.emplace(options.log_file, options.max_log_bytes);
  state.options = std::move(options);
  state.runner = std::move(runner);
  state.http = std::move(http);
  self->send(self, start_atom::value, state.life);
  return state.make_behavior();
}

}  // namespace bindery
