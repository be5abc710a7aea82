#pragma once

#include <chrono>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"
#include "actors/pending_answers.hpp"
#include "actors/retrying_fetch.hpp"
#include "runtime/engine/api.hpp"

namespace bindery {

struct container_engine_options {
  engine_address engine;
  /// Of questions about images.
  retry_policy retries{3, std::chrono::milliseconds{1'000}, 1};
  /// Of one attempt.
  std::chrono::milliseconds request_timeout{10'000};
  /// Of `check`, which is tried once.
  std::chrono::milliseconds check_timeout{3'000};
};

struct container_engine_state {
  static inline const char* name = "container_engine";

  explicit container_engine_state(container_engine_actor::pointer selfptr) : self(selfptr) {}

  container_engine_actor::behavior_type make_behavior();

  caf::result<bool> exists(const std::string& image);
  caf::result<std::string> check();

  container_engine_actor::pointer self;
  http_client_actor client;
  container_engine_options options;
  pending_answers answers;

 private:
  template <class T>
  caf::result<T> ask(http_request request, const retry_policy& policy,
                     caf::expected<T> (*decode)(const http_response&));
};

/// One container engine, Docker's or one that speaks like it.
container_engine_actor::behavior_type container_engine(
    container_engine_actor::stateful_pointer<container_engine_state> self, http_client_actor client,
    container_engine_options options);

}  // namespace bindery
