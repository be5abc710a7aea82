#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"
#include "runtime/build/log_store.hpp"

namespace bindery {

struct build_logs_options {
  /// "" keeps nothing.
  std::string folder;
  build_log_bounds bounds;
};

struct build_logs_state {
  static inline const char* name = "build_logs";

  /// How often logs that have become too old are looked for.
  static constexpr std::chrono::hours prune_interval{1};

  /// Longest wait for a log of another node.
  static constexpr std::chrono::seconds copy_timeout{8};

  explicit build_logs_state(build_logs_actor::pointer selfptr) : self(selfptr) {}
  ~build_logs_state();
  build_logs_state(const build_logs_state&) = delete;
  build_logs_state& operator=(const build_logs_state&) = delete;

  build_logs_actor::behavior_type make_behavior();

  caf::result<std::string> keep(const std::string& build_name, const std::string& text);
  caf::result<std::string> read(const std::string& id) const;
  caf::result<void> copy(const std::string& id, const build_log_reader_actor& from);
  void prune();

  /// Tells all who wait for the copy of `id` what became of it.
  void end_copy(const std::string& id, const caf::error& why);

  build_logs_actor::pointer self;
  std::map<std::string, std::vector<caf::response_promise>> copying;  ///< by id
  std::shared_ptr<const build_log_store> store;
};

/// The store as the options have it. Null where no logs are kept: a folder that cannot be written
/// is told in the log.
std::shared_ptr<const build_log_store> open_build_logs(const build_logs_options& options);

/// Spawn it `caf::detached`: it writes files.
build_logs_actor::behavior_type build_logs(
    build_logs_actor::stateful_pointer<build_logs_state> self,
    std::shared_ptr<const build_log_store> store);

}  // namespace bindery
