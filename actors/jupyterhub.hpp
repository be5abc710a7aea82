#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"
#include "actors/pending_answers.hpp"
#include "actors/retrying_fetch.hpp"
#include "runtime/hub/api.hpp"

namespace bindery {

struct jupyterhub_options {
  hub_address hub;
  /// Of connection errors, timeouts and 5xx (contract, section 8).
  retry_policy retries{4, std::chrono::milliseconds{4'000}, 2};
  /// Of a list of servers, for which launches wait.
  retry_policy list_retries{3, std::chrono::milliseconds{1'000}, 1};
  /// Of one attempt at one request.
  std::chrono::milliseconds request_timeout{30'000};
  /// Of `check`, which is tried once.
  std::chrono::milliseconds check_timeout{3'000};
  /// From the first look at a server's progress until it is ready.
  std::chrono::milliseconds launch_timeout{600'000};
  /// The hub sends something every 8 s while a server starts; after this much silence its
  /// connection counts as lost.
  std::chrono::milliseconds progress_idle_timeout{60'000};
};

struct jupyterhub_state {
  static inline const char* name = "jupyterhub";

  /// Says what an answer means: nothing for success. `attempts` tells a first try from a repeat.
  using verdict = caf::error (*)(const http_response&, uint32_t attempts);

  explicit jupyterhub_state(jupyterhub_actor::pointer selfptr) : self(selfptr) {}

  jupyterhub_actor::behavior_type make_behavior();

  caf::result<void> create_user(const std::string& user);
  caf::result<void> start_server(const std::string& user, const std::string& server,
                                 std::string options_json);
  caf::result<hub_progress> follow_progress(const std::string& user, const std::string& server,
                                            const hub_sink_actor& sink);
  caf::result<std::vector<std::string>> list_servers(const std::string& user);
  caf::result<void> stop_server(const std::string& user, const std::string& server);
  caf::result<void> delete_user(const std::string& user);
  caf::result<hub_server_list> list_servers();
  caf::result<void> check();

  jupyterhub_actor::pointer self;
  http_client_actor client;
  jupyterhub_options options;
  pending_answers answers;

 private:
  caf::result<void> call(http_request request, verdict judge, retry_judge again = is_server_fault);
  void ask(uint64_t answer_id, http_request request, const retry_policy& policy, verdict judge,
           retry_judge again);
  void list_page(uint64_t answer_id, uint64_t offset, hub_server_list so_far);
};

/// One JupyterHub.
jupyterhub_actor::behavior_type jupyterhub(
    jupyterhub_actor::stateful_pointer<jupyterhub_state> self, http_client_actor client,
    jupyterhub_options options);

}  // namespace bindery
