#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"

namespace bindery {

struct git_options {
  /// Remotes asked at once; further questions wait in the order in which they came.
  uint32_t workers = 8;
  /// Of these, how many may ask one host, lest a few silent ones hold them all.
  uint32_t workers_per_host = 4;
  /// For one remote to answer.
  std::chrono::milliseconds timeout{30'000};
  /// A question that has waited for longer when its turn comes is refused, not asked: whoever asked
  /// has given up by then (see `launch_services::resolve_timeout`).
  std::chrono::milliseconds max_wait{60'000};
  /// Questions that may wait; one more is refused.
  size_t max_waiting = 10'000;
  /// Program that answers one query: this one, as `git-resolve`.
  std::string program = "/proc/self/exe";
};

struct git_state {
  static inline const char* name = "git";

  explicit git_state(git_actor::pointer selfptr) : self(selfptr) {}

  git_actor::behavior_type make_behavior();

  caf::result<std::string> resolve(const git_query& query);
  void start_next();
  /// Refuses the questions that have waited for too long.
  void refuse_stale();
  void start(git_query query);
  void on_result(const git_query& query, const process_result& result);
  void answer(const git_query& query, const caf::expected<std::string>& with);
  void deliver(const git_query& query, const caf::expected<std::string>& with);

  using key = std::pair<std::string, std::string>;  ///< URL and ref

  git_actor::pointer self;
  git_options options;
  process_runner_actor runner;
  std::map<key, std::vector<caf::response_promise>> asked;  ///< equal questions share one answer
  struct question {
    git_query query;
    std::string host;
    caf::actor_clock::time_point since;
  };
  std::deque<question> waiting;
  std::map<std::string, uint32_t> asking;  ///< by host: questions under way
  uint32_t running = 0;
};

/// Each question is answered by a child process that is ended at its deadline, because libgit2 1.5
/// knows no timeouts and git servers are not to be trusted.
git_actor::behavior_type git(git_actor::stateful_pointer<git_state> self, git_options options,
                             process_runner_actor runner);

}  // namespace bindery
