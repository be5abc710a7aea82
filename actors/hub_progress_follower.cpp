#include "actors/hub_progress_follower.hpp"

#include <algorithm>
#include <utility>

#include "runtime/error.hpp"
#include "runtime/hub/progress.hpp"
#include "runtime/hub/verdict.hpp"
#include "runtime/net/curl_fault.hpp"
#include "runtime/net/service_fault.hpp"

namespace bindery {

namespace {

/// Kubernetes tells some dozens of events while a pod starts.
constexpr size_t max_told = 500;

/// All of one start; a hub that says more is broken.
constexpr uint64_t max_stream_bytes = 16 * 1024 * 1024;

/// Our own deadline comes first, so that it, and not the client's, is told.
constexpr std::chrono::milliseconds client_grace{5'000};

}  // namespace

hub_progress_follower_state::~hub_progress_follower_state() {
  if (sink) self->demonitor(sink.address());
  if (answer.pending()) answer.deliver(make_error(errc::shutting_down));
}

hub_progress_follower_actor::behavior_type hub_progress_follower_state::make_behavior() {
  self->set_down_handler([this](const caf::down_msg&) {
    fail(make_error(errc::cancelled, "nobody waits for the server any more"));
  });
  return {
      [this](run_atom) { return run(); },
      [this](start_atom) { connect(); },
      [this](stop_atom) { time_is_up(); },
      [this](chunk_atom, uint64_t from, const std::string& bytes) { on_chunk(from, bytes); },
      [this](end_atom, uint64_t from, const http_response& response) { on_end(from, response); },
      [this](end_atom, uint64_t from, const caf::error& why) { on_break(from, why); },
  };
}

caf::result<hub_progress> hub_progress_follower_state::run() {
  answer = self->make_response_promise();
  self->monitor(sink);
  self->delayed_send(hub_progress_follower_actor{self}, launch_timeout, stop_atom::value);
  connect();
  return answer;
}

void hub_progress_follower_state::connect() {
  ++attempt;
  decoder = event_stream_decoder{};
  repeats_expected = told.size();
  self->request(client, caf::infinite, stream_atom::value, request, http_sink_actor{self})
      .then([this](uint64_t given) { ticket = given; },
            [this](const caf::error& why) { on_break(ticket, why); });
}

void hub_progress_follower_state::time_is_up() {
  fail(make_error(errc::timeout,
                  "the server was not ready within " + shown_duration(launch_timeout)));
}

void hub_progress_follower_state::on_chunk(uint64_t from, const std::string& bytes) {
  if (from != ticket) return;
  auto events = decoder.feed(bytes);
  if (!events) return fail(events.error());
  for (const auto& data : *events)
    if (answer.pending()) take_event(data);
}

void hub_progress_follower_state::on_end(uint64_t from, const http_response& response) {
  if (from != ticket) return;
  if (response.status >= 200 && response.status < 300)
    return fail(make_error(errc::upstream_error,
                           "JupyterHub ended the progress stream without saying ready or failed"));
  auto refusal = hub_refusal(response);
  if (is_server_fault(response))
    connect_again_or_fail(refusal);
  else
    fail(refusal);
}

void hub_progress_follower_state::on_break(uint64_t from, const caf::error& why) {
  if (from != ticket) return;
  // The client's words begin with the request, as ours do.
  auto words = describe(why);
  if (auto line = shown_request(request) + ": "; words.rfind(line, 0) == 0)
    words.erase(0, line.size());
  auto fault = hub_unasked(make_error(code_of(why), words));
  if (is_passing(why))
    connect_again_or_fail(fault);
  else
    fail(fault);
}

void hub_progress_follower_state::take_event(const std::string& data) {
  auto step = decode_progress(data);
  if (!step) return fail(step.error());
  if (!step->ready && !step->failed) return tell(std::move(*step));
  answer.deliver(std::move(*step));
  self->quit();
}

void hub_progress_follower_state::tell(hub_progress step) {
  auto key = std::to_string(step.percent) + ' ' + step.message;
  if (repeats_expected > 0) {
    --repeats_expected;
    if (std::find(told.begin(), told.end(), key) != told.end()) return;
  }
  told.push_back(std::move(key));
  if (told.size() > max_told) told.pop_front();
  self->send(sink, progress_atom::value, std::move(step));
}

void hub_progress_follower_state::connect_again_or_fail(const caf::error& why) {
  ticket = 0;
  if (attempt >= retries.attempts)
    return fail(surrounded(why, "", " (given up after " + std::to_string(attempt) + " attempts)"));
  self->delayed_send(hub_progress_follower_actor{self}, retries.pause_after(attempt),
                     start_atom::value);
}

void hub_progress_follower_state::fail(const caf::error& why) {
  if (answer.pending()) answer.deliver(answered(shown_request(request), why));
  self->quit();
}

hub_progress_follower_actor::behavior_type hub_progress_follower(
    hub_progress_follower_actor::stateful_pointer<hub_progress_follower_state> self,
    http_client_actor client, http_request request, retry_policy retries,
    std::chrono::milliseconds launch_timeout, hub_sink_actor sink) {
  auto& state = self->state;
  state.client = std::move(client);
  state.request = std::move(request);
  state.request.timeout = launch_timeout + client_grace;
  state.request.max_body_bytes = max_stream_bytes;
  state.retries = retries;
  state.launch_timeout = launch_timeout;
  state.sink = std::move(sink);
  return state.make_behavior();
}

}  // namespace bindery
