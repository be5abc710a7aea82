#include "actors/retrying_fetch.hpp"

#include <algorithm>
#include <utility>

#include "runtime/error.hpp"

namespace bindery {

using std::chrono::milliseconds;

namespace {

/// The client keeps the request's own deadline; this one is for a client that does not answer.
constexpr milliseconds client_grace{5'000};

constexpr milliseconds longest_pause{10 * 60'000};

}  // namespace

milliseconds retry_policy::pause_after(uint32_t attempt) const {
  auto pause = delay;
  for (uint32_t i = 1; i < attempt && pause < longest_pause; ++i) pause *= factor;
  return std::min(pause, longest_pause);
}

bool is_server_fault(const http_response& response) {
  return response.status >= 500;
}

bool is_passing(const caf::error& why) {
  auto code = code_of(why);
  return code == errc::unreachable || code == errc::timeout || code == errc::too_many_requests;
}

retrying_fetch_state::~retrying_fetch_state() {
  if (answer.pending()) answer.deliver(make_error(errc::shutting_down));
}

retrying_fetch_actor::behavior_type retrying_fetch_state::make_behavior() {
  return {
      [this](run_atom) { return run(); },
      [this](start_atom) { attempt_now(); },
  };
}

caf::result<http_response, uint32_t> retrying_fetch_state::run() {
  answer = self->make_response_promise();
  attempt_now();
  return answer;
}

void retrying_fetch_state::attempt_now() {
  ++attempt;
  self->request(client, request.timeout + client_grace, fetch_atom::value, request)
      .then([this](http_response& response) { on_answer(std::move(response)); },
            [this](const caf::error& why) { on_failure(why); });
}

void retrying_fetch_state::on_answer(http_response response) {
  if (again(response) && try_again()) return;
  answer.deliver(std::move(response), attempt);
  self->quit();
}

void retrying_fetch_state::on_failure(const caf::error& why) {
  if (is_passing(why) && try_again()) return;
  answer.deliver(attempt == 1
                     ? why
                     : make_error(code_of(why), describe(why) + " (given up after " +
                                                    std::to_string(attempt) + " attempts)"));
  self->quit();
}

bool retrying_fetch_state::try_again() {
  if (attempt >= policy.attempts) return false;
  self->delayed_send(retrying_fetch_actor{self}, policy.pause_after(attempt), start_atom::value);
  return true;
}

retrying_fetch_actor::behavior_type retrying_fetch(
    retrying_fetch_actor::stateful_pointer<retrying_fetch_state> self, http_client_actor client,
    http_request request, retry_policy policy, retry_judge again) {
  auto& state = self->state;
  state.client = std::move(client);
  state.request = std::move(request);
  state.policy = policy;
  state.again = again;
  return state.make_behavior();
}

}  // namespace bindery
