#pragma once

#include <chrono>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"
#include "actors/pending_answers.hpp"
#include "actors/retrying_fetch.hpp"
#include "runtime/registry/api.hpp"

namespace bindery {

struct registry_options {
  registry_address registry;
  /// See `registry_plan`.
  std::string push_registry;
  std::string push_credentials;
  /// Of connection errors, timeouts, 5xx and 429 (contract, section 7).
  retry_policy retries{3, std::chrono::milliseconds{1'000}, 1};
  /// Of one attempt at one request.
  std::chrono::milliseconds request_timeout{10'000};
  /// Of `check`, which is tried once.
  std::chrono::milliseconds check_timeout{3'000};
};

struct registry_state {
  static inline const char* name = "registry";

  /// One asker's question on its way.
  struct question {
    uint64_t answer_id = 0;
    image_reference image;
    /// This attempt carries a login, so that another 401 is the last word.
    bool logged_in = false;
    /// `Authorization` of this attempt; "" for none.
    std::string authorization;
  };

  explicit registry_state(registry_actor::pointer selfptr) : self(selfptr) {}

  registry_actor::behavior_type make_behavior();

  caf::result<bool> exists(const std::string& image);
  caf::result<std::string> login();
  caf::result<void> check();

  registry_actor::pointer self;
  http_client_actor client;
  registry_options options;
  pending_answers answers;

 private:
  void ask_manifest(question asked);
  void on_manifest(question asked, const std::string& line, const http_response& response);
  void log_in(question asked, const std::string& line, const http_response& response);
  void fetch_token(question asked, const registry_token_source& source);
  void fail(uint64_t answer_id, const std::string& line, const caf::error& why);
};

/// A container registry that speaks the OCI distribution protocol.
registry_actor::behavior_type registry(registry_actor::stateful_pointer<registry_state> self,
                                       http_client_actor client, registry_options options);

}  // namespace bindery
