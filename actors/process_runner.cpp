#include "actors/process_runner.hpp"

#include <utility>

#include <caf/send.hpp>

#include "runtime/error.hpp"

namespace bindery {

namespace {

/// A sink is asked for an answer once for lines of this cost: each answer that is awaited makes
/// every other one slower to find (CAF keeps them in a flat list).
constexpr size_t asked_at_once = 64 * 1024;
static_assert(asked_at_once <= process_engine::max_unconsumed_bytes / 4);

}  // namespace

process_runner_state::~process_runner_state() {
  for (const auto& [ticket, engine_ticket] : engine_tickets) engine->stop(engine_ticket);
}

process_runner_actor::behavior_type process_runner_state::make_behavior() {
  self->set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  return {
      [this](run_atom, process_spec& spec) { return run(std::move(spec)); },
      [this](start_atom, process_spec& spec, const process_sink_actor& sink) {
        return start(std::move(spec), sink);
      },
      [this](stop_atom, uint64_t ticket) { stop(ticket); },
      [this](line_atom, uint64_t ticket, int32_t from, std::string& line) {
        on_line(ticket, from, std::move(line));
      },
      [this](end_atom, uint64_t ticket, const process_exit& end) { on_end(ticket, end); },
      [this](end_atom, uint64_t ticket, const caf::error& why) { on_failure(ticket, why); },
  };
}

process_listener process_runner_state::listener_for(uint64_t ticket) {
  // Called on the engine's thread: everything comes to us as a message. A weak address, so that a
  // child does not keep us alive.
  auto send = [home = caf::actor_cast<caf::actor_addr>(self->ctrl())](auto&&... args) {
    if (auto there = caf::actor_cast<process_runner_actor>(home))
      caf::anon_send(there, std::forward<decltype(args)>(args)...);
  };
  return {[send, ticket](int32_t from, std::string line) {
            send(line_atom::value, ticket, from, std::move(line));
          },
          [send, ticket](const process_exit& end) { send(end_atom::value, ticket, end); },
          [send, ticket](caf::error why) { send(end_atom::value, ticket, std::move(why)); }};
}

caf::result<process_result> process_runner_state::run(process_spec spec) {
  auto ticket = ++last_ticket;
  auto& job = jobs[ticket];
  job.done = self->make_response_promise();
  job.max_output_bytes = spec.max_output_bytes;
  engine_tickets[ticket] = engine->start(std::move(spec), listener_for(ticket));
  return caf::delegated<process_result>{};
}

uint64_t process_runner_state::start(process_spec spec, const process_sink_actor& sink) {
  auto ticket = ++last_ticket;
  jobs[ticket].sink = sink;
  self->monitor(sink);
  engine_tickets[ticket] = engine->start(std::move(spec), listener_for(ticket));
  return ticket;
}

void process_runner_state::stop(uint64_t ticket) {
  if (auto found = engine_tickets.find(ticket); found != engine_tickets.end())
    engine->stop(found->second);
}

void process_runner_state::on_line(uint64_t ticket, int32_t from, std::string line) {
  auto found = jobs.find(ticket);
  if (found == jobs.end()) return;
  auto& job = found->second;
  auto cost = process_engine::cost_of(line);
  if (job.sink) {
    job.unasked += cost;
    if (job.unasked < asked_at_once)
      // Not from us: a sink that delegates would answer even what asks for nothing.
      return caf::anon_send(job.sink, line_atom::value, ticket, from, std::move(line));
    auto done = [this, ticket, all = std::exchange(job.unasked, 0)] { consumed(ticket, all); };
    self->request(job.sink, caf::infinite, line_atom::value, ticket, from, std::move(line))
        .then(done, [done](const caf::error&) { done(); });
    return;
  }
  consumed(ticket, cost);
  auto& into = from == 1 ? job.result.output : job.result.errors;
  if (into.size() + line.size() < job.max_output_bytes) into += line + "\n";
}

void process_runner_state::consumed(uint64_t ticket, size_t bytes) {
  if (auto found = engine_tickets.find(ticket); found != engine_tickets.end())
    engine->consumed(found->second, bytes);
}

void process_runner_state::on_end(uint64_t ticket, const process_exit& end) {
  auto found = jobs.find(ticket);
  if (found == jobs.end()) return;
  auto job = std::move(found->second);
  jobs.erase(found);
  engine_tickets.erase(ticket);
  if (job.sink) {
    self->demonitor(job.sink.address());
    self->send(job.sink, end_atom::value, ticket, end);
  } else {
    job.result.end = end;
    job.done.deliver(std::move(job.result));
  }
}

void process_runner_state::on_failure(uint64_t ticket, const caf::error& why) {
  auto found = jobs.find(ticket);
  if (found == jobs.end()) return;
  auto job = std::move(found->second);
  jobs.erase(found);
  engine_tickets.erase(ticket);
  if (job.sink) {
    self->demonitor(job.sink.address());
    self->send(job.sink, end_atom::value, ticket, why);
  } else {
    job.done.deliver(why);
  }
}

void process_runner_state::on_down(const caf::down_msg& down) {
  for (const auto& [ticket, job] : jobs)
    if (job.sink && job.sink.address() == down.source) stop(ticket);
}

process_runner_actor::behavior_type process_runner(
    process_runner_actor::stateful_pointer<process_runner_state> self,
    std::shared_ptr<process_engine> engine) {
  self->state.engine = std::move(engine);
  return self->state.make_behavior();
}

}  // namespace bindery
