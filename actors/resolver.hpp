#pragma once

#include <memory>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/interfaces.hpp"
#include "runtime/providers/provider.hpp"

namespace bindery {

struct resolver_state {
  static inline const char* name = "resolver";

  explicit resolver_state(resolver_actor::pointer selfptr) : self(selfptr) {}

  resolver_actor::behavior_type make_behavior();

  caf::result<resolved_repository> run();
  void take(caf::expected<resolve_step> step);
  void carry_out(resolved_repository& done);
  void carry_out(http_request& request);
  void carry_out(git_query& query);
  void carry_out(notice& note);
  void fail(caf::error why);

  resolver_actor::pointer self;
  const repo_provider* provider = nullptr;
  std::string spec;
  http_client_actor http;
  git_actor git;
  launch_supervisor_actor supervisor;

  std::unique_ptr<resolution> work;
  uint32_t steps = 0;
  caf::response_promise answer;
};

/// Walks a provider's resolution of `spec`, carrying out each step. `provider` outlives the actor.
resolver_actor::behavior_type resolver(resolver_actor::stateful_pointer<resolver_state> self,
                                       const repo_provider* provider, std::string spec,
                                       http_client_actor http, git_actor git,
                                       launch_supervisor_actor supervisor);

}  // namespace bindery
