#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <nlohmann/json_fwd.hpp>

#include "actors/interfaces.hpp"
#include "actors/pending_answers.hpp"
#include "actors/retrying_fetch.hpp"

namespace bindery {

/// Anything that can say whether it serves now, as `registry_actor` and `jupyterhub_actor` can.
using checkable_actor = caf::typed_actor<caf::replies_to<check_atom>::with<void>>;

/// One line of `/health`.
struct health_check {
  /// `Docker registry`, `JupyterHub API` (contract, section 2).
  std::string service;
  checkable_actor target;
};

struct health_options {
  /// Counted for `Pod quota`, which never makes the whole unhealthy; null to leave it out.
  launch_quota_actor quota;
  std::function<uint64_t()> builds_in_progress;
  /// What was counted serves for so long.
  std::chrono::milliseconds quota_cache{60'000};
  /// A result, good or bad, serves for so long.
  std::chrono::milliseconds cache{15'000};
  /// A check fails when all its attempts have.
  retry_policy retries{3, std::chrono::milliseconds{1'000}, 1};
  /// Of one attempt.
  std::chrono::milliseconds timeout{3'000};
  /// Told when a service begins or ceases to serve, and why; for the log. Runs in the actor.
  std::function<void(const std::string& service, bool ok, const std::string& why)> on_change;
};

/// The health actor and what it tells itself.
using health_actor_with_timer = health_actor::extend<
    // Time for the next attempt at check number so-and-so.
    caf::reacts_to<start_atom, uint64_t>>;

struct health_state {
  static inline const char* name = "health";

  explicit health_state(health_actor_with_timer::pointer selfptr) : self(selfptr) {}

  health_actor_with_timer::behavior_type make_behavior();

  caf::result<health_report> report();
  void attempt(uint64_t index);
  void on_usage(uint64_t index, const server_usage& found);
  void on_result(uint64_t index, const caf::error& why);

  struct entry {
    health_check check;  ///< without a target for `Pod quota`
    std::optional<server_usage> usage;
    bool ok = false;
    bool known = false;
    bool under_way = false;
    uint32_t attempts = 0;
    caf::actor_clock::time_point checked_at{};
  };

  health_actor_with_timer::pointer self;
  health_options options;
  std::vector<entry> entries;
  std::vector<uint64_t> waiting;
  pending_answers answers;

 private:
  bool is_fresh(const entry& one) const;
  bool all_settled() const;
  void settle(entry& one, const caf::error& why);
  nlohmann::ordered_json quota_line(const entry& one) const;
  health_report current() const;
};

/// Answers `/health` from `checks`, each run at most once at a time however many ask.
health_actor_with_timer::behavior_type health(
    health_actor_with_timer::stateful_pointer<health_state> self, std::vector<health_check> checks,
    health_options options);

}  // namespace bindery
