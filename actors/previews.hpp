#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"
#include "actors/pending_answers.hpp"
#include "runtime/providers/preview_cache.hpp"
#include "runtime/providers/provider.hpp"

namespace bindery {

struct previews_options {
  /// The provider of a prefix, or null. It outlives the actor.
  std::function<const repo_provider*(std::string_view)> find_provider;
  /// Fails where the operator does not allow this spec.
  std::function<caf::error(const repo_provider&, std::string_view spec)> admit;
  /// Of one search, over all its requests.
  std::chrono::milliseconds timeout{5'000};
  /// What was found, or that there is nothing, serves for so long.
  std::chrono::milliseconds kept{10 * 60'000};
  /// That an upstream would not answer.
  std::chrono::milliseconds failure_kept{60'000};
  /// Searches under way; one more is refused.
  size_t most_searches = 32;
  preview_cache_bounds cache;
};

struct previews_state {
  static inline const char* name = "previews";

  explicit previews_state(previews_actor::pointer selfptr) : self(selfptr) {}

  previews_actor::behavior_type make_behavior();

  caf::result<repository_preview> find(const std::string& prefix, const std::string& spec);
  void take(const std::string& key, preview_search::step step);
  void carry_out(const std::string& key, http_request request);
  void settle(const std::string& key, preview_search::finding found);

  struct search {
    preview_search work;
    caf::actor_clock::time_point deadline;
    std::vector<uint64_t> waiting;  ///< of `answers`
  };

  previews_actor::pointer self;
  previews_options options;
  http_client_actor http;
  preview_cache cache;
  std::unordered_map<std::string, search> searches;
  pending_answers answers;
};

/// Sends no login along, whatever the settings hold: what not everybody may read has no preview.
previews_actor::behavior_type previews(previews_actor::stateful_pointer<previews_state> self,
                                       http_client_actor http, previews_options options);

}  // namespace bindery
