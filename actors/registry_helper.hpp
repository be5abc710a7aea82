#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"
#include "actors/pending_answers.hpp"
#include "actors/retrying_fetch.hpp"
#include "runtime/registry/helper_api.hpp"

namespace bindery {

struct registry_helper_options {
  registry_helper_address helper;
  /// Whom a login is for that names no registry; see `registry_plan`.
  std::string push_registry;
  /// A login for pushing where the service has none to give; see `registry_plan`. A secret.
  std::string push_credentials;
  /// Of connection errors, timeouts and 5xx.
  retry_policy retries{3, std::chrono::milliseconds{1'000}, 1};
  /// Of one attempt at one request; cloud registries are slow at making repositories.
  std::chrono::milliseconds request_timeout{15'000};
  /// Of `check`, which is tried once.
  std::chrono::milliseconds check_timeout{3'000};
};

struct registry_helper_state {
  static inline const char* name = "registry_helper";

  explicit registry_helper_state(registry_actor::pointer selfptr) : self(selfptr) {}

  registry_actor::behavior_type make_behavior();

  caf::result<bool> exists(const std::string& image);
  caf::result<std::string> login(const std::string& image);
  caf::result<void> check();

  registry_actor::pointer self;
  http_client_actor client;
  registry_helper_options options;
  pending_answers answers;

 private:
  void ask_image(uint64_t id, const image_reference& image);
  void create_repository(uint64_t id, const image_reference& image);
  /// Sends `request`; whatever fails is told to the asker `id`.
  void ask(uint64_t id, http_request request, const retry_policy& retries,
           std::function<caf::error(const http_response&)> then);
};

/// Asks a service of the operator's about images, and has it make repositories and logins.
registry_actor::behavior_type registry_helper(
    registry_actor::stateful_pointer<registry_helper_state> self, http_client_actor client,
    registry_helper_options options);

}  // namespace bindery
