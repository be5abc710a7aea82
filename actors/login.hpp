#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/interfaces.hpp"
#include "actors/pending_answers.hpp"
#include "actors/retrying_fetch.hpp"
#include "runtime/hub/oauth.hpp"
#include "runtime/providers/lru_map.hpp"

namespace bindery {

struct login_options {
  oauth_client client;
  /// How long the hub's answers about a token are believed.
  std::chrono::milliseconds cache_age{300'000};
  /// And its word that a token is none; no longer than the above.
  std::chrono::milliseconds refusal_age{30'000};
  /// Tokens remembered of each kind; beyond that the one longest not used is forgotten.
  size_t cache_size = 10'000;
  /// Questions to the hub at once; one more is refused.
  size_t most_questions = 256;
  retry_policy retries{3, std::chrono::milliseconds{1'000}, 1};
  /// Of one attempt at one question.
  std::chrono::milliseconds request_timeout{5'000};
};

struct login_state {
  static inline const char* name = "login";
  using time_point = caf::actor_clock::time_point;

  explicit login_state(login_actor::pointer selfptr) : self(selfptr) {}
  ~login_state();
  login_state(const login_state&) = delete;
  login_state& operator=(const login_state&) = delete;

  login_actor::behavior_type make_behavior();

  caf::result<hub_identity> identify(const std::string& token, const std::string& session);
  caf::result<hub_login> finish(const std::string& code);
  void forget(const std::string& token);

  /// What the hub said, under a digest of the token: the token itself is not kept.
  struct known_token {
    hub_identity who;
    std::string session;
    time_point until;
  };
  /// One question to the hub, and who waits for its answer.
  struct question {
    std::string key;
    std::string session;
    std::vector<caf::typed_response_promise<hub_identity>> askers;
    /// Asked before the token's owner logged out: good for those who asked it, and for nobody else.
    bool outdated = false;
  };
  void ask(uint64_t id, const std::string& token);
  void on_identity(uint64_t id, const caf::expected<hub_identity>& who);
  void remember(const question& asked, const caf::expected<hub_identity>& who);
  /// Of a login that is traded for a code.
  void fail(uint64_t answer, const caf::error& why);
  void on_token(uint64_t answer, const std::string& token);

  login_actor::pointer self;
  http_client_actor http;
  login_options options;
  lru_map<known_token> known{0};
  lru_map<time_point> refused{0};
  std::map<uint64_t, question> asking;  ///< no more than `most_questions`
  uint64_t last_question = 0;
  pending_answers logins;
  size_t exchanges = 0;  ///< codes that are being traded
};

/// Logins of one JupyterHub.
login_actor::behavior_type login(login_actor::stateful_pointer<login_state> self,
                                 http_client_actor http, login_options options);

}  // namespace bindery
