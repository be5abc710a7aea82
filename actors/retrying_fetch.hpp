#pragma once

#include <chrono>
#include <cstdint>

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"

namespace bindery {

/// How often, and after which pauses, something is tried.
struct retry_policy {
  /// In all; 0 counts as 1.
  uint32_t attempts = 3;
  /// Before the second attempt.
  std::chrono::milliseconds delay{1'000};
  /// Each further pause is so many times the one before.
  uint32_t factor = 1;

  /// The pause after attempt number `attempt`, counted from 1.
  std::chrono::milliseconds pause_after(uint32_t attempt) const;
};

/// Whether an answer is worth another attempt.
using retry_judge = bool (*)(const http_response&);

/// True for 5xx.
bool is_server_fault(const http_response& response);

/// True where the same request may fare better a moment later: nobody reached, or not in time.
bool is_passing(const caf::error& why);

/// Carries out one request with its repeats, then ends.
using retrying_fetch_actor = caf::typed_actor<
    // The last answer, whatever its status, and the number of attempts it took. Errors: those of
    // the HTTP client.
    caf::replies_to<run_atom>::with<http_response, uint32_t>,
    // From itself: time for the next attempt.
    caf::reacts_to<start_atom>>;

struct retrying_fetch_state {
  static inline const char* name = "retrying_fetch";

  explicit retrying_fetch_state(retrying_fetch_actor::pointer selfptr) : self(selfptr) {}
  ~retrying_fetch_state();
  retrying_fetch_state(const retrying_fetch_state&) = delete;
  retrying_fetch_state& operator=(const retrying_fetch_state&) = delete;

  retrying_fetch_actor::behavior_type make_behavior();

  caf::result<http_response, uint32_t> run();
  void attempt_now();
  void on_answer(http_response response);
  void on_failure(const caf::error& why);
  bool try_again();

  retrying_fetch_actor::pointer self;
  http_client_actor client;
  http_request request;
  retry_policy policy;
  retry_judge again = is_server_fault;
  uint32_t attempt = 0;
  caf::response_promise answer;
};

/// Repeats `request` while it fails in passing or `again` says so.
retrying_fetch_actor::behavior_type retrying_fetch(
    retrying_fetch_actor::stateful_pointer<retrying_fetch_state> self, http_client_actor client,
    http_request request, retry_policy policy, retry_judge again);

/// Asks for `request` with its repeats; the answer is `(http_response, uint32_t attempts)`. What is
/// under way ends with `self`.
template <class Self>
auto fetch_retrying(Self* self, const http_client_actor& client, http_request request,
                    const retry_policy& policy, retry_judge again = is_server_fault) {
  auto child =
      self->template spawn<caf::linked>(retrying_fetch, client, std::move(request), policy, again);
  return self->request(child, caf::infinite, run_atom::value);
}

}  // namespace bindery
