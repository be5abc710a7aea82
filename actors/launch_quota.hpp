#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"
#include "actors/pending_answers.hpp"

namespace bindery {

/// Whoever lists the hub's servers, as `jupyterhub_actor` can.
using server_lister_actor = caf::typed_actor<caf::replies_to<list_atom>::with<hub_server_list>>;

struct launch_quota_options {
  /// Servers of all that may run; none for no quota, 0 lets nobody in.
  std::optional<uint32_t> total_quota;
  /// A list of the hub's servers serves for so long to let launches in.
  std::chrono::milliseconds list_serves{5'000};
  /// One older than this does not serve to refuse a launch: a place may have become free.
  std::chrono::milliseconds list_refuses{1'000};
};

struct launch_quota_state {
  static inline const char* name = "launch_quota";
  using time_point = caf::actor_clock::time_point;

  explicit launch_quota_state(launch_quota_actor::pointer selfptr) : self(selfptr) {}

  launch_quota_actor::behavior_type make_behavior();

  caf::result<void> check(quota_claim claim);
  caf::result<void> reserve(quota_claim claim);
  caf::result<server_usage> count();
  void on_claimant_down(const caf::down_msg& down);

  /// A place that a launch holds.
  struct place {
    std::string image;                  ///< without tag
    std::vector<std::string> servers;   ///< keys under which its server may be in the list
    std::optional<time_point> vacated;  ///< its launch has ended; what is left of it, a list shows
  };
  /// A question that waits for a list.
  struct question {
    quota_claim claim;
    caf::strong_actor_ptr claimant;  ///< null where no place is wanted
    bool counts_only = false;
  };
  /// What runs, as far as a claim is concerned.
  struct tally {
    uint64_t total = 0;
    uint64_t matching = 0;  ///< of the claim's image
  };

  caf::result<void> ask(question what);
  bool is_limited(const quota_claim& claim) const;
  bool is_younger_than(std::chrono::milliseconds age) const;
  void refresh();
  void on_list(hub_server_list list, time_point asked_at);
  void on_list_failed(const caf::error& why);
  tally count_for(const question& what) const;
  caf::error judge(const question& what) const;
  /// As `judge`, and takes the place, or tells the log why not.
  caf::error decide(const question& what);
  void take_place(const question& what);
  server_usage usage() const;

  launch_quota_actor::pointer self;
  launch_quota_options options;
  server_lister_actor hub;

  hub_server_list listed;
  std::optional<time_point> listed_at;  ///< when the list was asked for
  bool listing = false;
  std::map<uint64_t, question> waiting;  ///< by number in `answers`, which is their order
  pending_answers answers;
  std::unordered_map<caf::actor_addr, place> places;  ///< by the launch's supervisor
};

/// Keeps the quotas. The hub is asked only while somebody asks, and once for all who ask within
/// `list_serves`; launches that hold a place are counted without asking it.
launch_quota_actor::behavior_type launch_quota(
    launch_quota_actor::stateful_pointer<launch_quota_state> self, launch_quota_options options,
    server_lister_actor hub);

/// An image's name without its tag, by which servers of one repository are told from others.
std::string image_without_tag(const std::string& image);

}  // namespace bindery
