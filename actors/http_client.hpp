#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/interfaces.hpp"
#include "runtime/net/curl_engine.hpp"

namespace bindery {

/// The HTTP client as its engine sees it: what the engine's thread has to say comes as messages.
using http_client_with_engine = http_client_actor::extend_with<http_sink_actor>;

struct http_client_state {
  static inline const char* name = "http_client";

  explicit http_client_state(http_client_with_engine::pointer selfptr) : self(selfptr) {}
  /// Cancels what is under way; askers hear `shutting_down`.
  ~http_client_state();
  http_client_state(const http_client_state&) = delete;
  http_client_state& operator=(const http_client_state&) = delete;

  http_client_with_engine::behavior_type make_behavior();

  caf::result<http_response> fetch(http_request request);
  caf::result<uint64_t> open_stream(http_request request, const http_sink_actor& sink);
  void stop_stream(uint64_t ticket);
  void pass_chunk(uint64_t ticket, std::string bytes);
  void finish(uint64_t ticket, http_response response);
  void fail(uint64_t ticket, caf::error why);
  void on_sink_down(const caf::down_msg& down);

  struct fetch_under_way {
    uint64_t engine_ticket;
    caf::typed_response_promise<http_response> promise;
  };

  struct open_stream_entry {
    uint64_t engine_ticket;
    http_sink_actor sink;
  };

  http_client_with_engine::pointer self;
  std::shared_ptr<curl_engine> engine;
  uint64_t last_ticket = 0;
  std::unordered_map<uint64_t, fetch_under_way> fetches;
  std::unordered_map<uint64_t, open_stream_entry> streams;

 private:
  caf::expected<uint64_t> submit(uint64_t ticket, http_request request, bool streaming);
  /// Takes the stream out of the books; its sink is no longer watched.
  bool take_stream(uint64_t ticket, open_stream_entry& taken);
};

/// HTTP requests for this node's actors, carried out by `engine`, which several clients may share.
http_client_with_engine::behavior_type http_client(
    http_client_with_engine::stateful_pointer<http_client_state> self,
    std::shared_ptr<curl_engine> engine);

}  // namespace bindery
