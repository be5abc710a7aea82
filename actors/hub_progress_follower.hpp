#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"
#include "actors/retrying_fetch.hpp"
#include "runtime/error.hpp"
#include "runtime/net/event_stream_decoder.hpp"

namespace bindery {

/// Follows the start of one server to its end, over as many connections as the retries allow, then
/// ends itself.
using hub_progress_follower_actor = caf::typed_actor<
    // The event that says ready or failed. Errors as those of `jupyterhub_actor`'s progress.
    caf::replies_to<run_atom>::with<hub_progress>,
    // From itself: time to connect again.
    caf::reacts_to<start_atom>,
    // From itself: launch_timeout is over.
    caf::reacts_to<stop_atom>>::extend_with<http_sink_actor>;

struct hub_progress_follower_state {
  static inline const char* name = "hub_progress_follower";

  explicit hub_progress_follower_state(hub_progress_follower_actor::pointer selfptr)
      : self(selfptr) {}
  ~hub_progress_follower_state();
  hub_progress_follower_state(const hub_progress_follower_state&) = delete;
  hub_progress_follower_state& operator=(const hub_progress_follower_state&) = delete;

  hub_progress_follower_actor::behavior_type make_behavior();

  caf::result<hub_progress> run();
  void connect();
  void time_is_up();
  void on_chunk(uint64_t from, const std::string& bytes);
  void on_end(uint64_t from, const http_response& response);
  void on_break(uint64_t from, const caf::error& why);

  hub_progress_follower_actor::pointer self;
  http_client_actor client;
  http_request request;
  retry_policy retries;
  std::chrono::milliseconds launch_timeout{0};
  hub_sink_actor sink;

  uint32_t attempt = 0;
  uint64_t ticket = 0;
  event_stream_decoder decoder;
  /// What the sink heard, because the hub tells all from the start on a new connection.
  std::deque<std::string> told;
  /// Events of this connection that may be such repeats.
  size_t repeats_expected = 0;
  caf::response_promise answer;

 private:
  void take_event(const std::string& data);
  void tell(hub_progress step);
  void connect_again_or_fail(const caf::error& why);
  /// `why` does not name the request.
  void fail(const caf::error& why);
};

/// `request` is the hub's progress request; its time limits but `idle_timeout` are set here.
hub_progress_follower_actor::behavior_type hub_progress_follower(
    hub_progress_follower_actor::stateful_pointer<hub_progress_follower_state> self,
    http_client_actor client, http_request request, retry_policy retries,
    std::chrono::milliseconds launch_timeout, hub_sink_actor sink);

}  // namespace bindery
