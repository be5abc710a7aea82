#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"

namespace bindery {

/// Spawns the build actor of a request; the directory hands itself in.
using build_spawner = std::function<build_actor(const build_request&, build_directory_actor)>;

struct build_directory_options {
  /// Builds that run at once; further ones wait in the order in which they came.
  uint32_t max_builds = 4;
  /// Builds that may wait; one more is refused with too_many_requests.
  size_t max_waiting = 1'000;
};

struct build_directory_state {
  static inline const char* name = "build_directory";

  explicit build_directory_state(build_directory_actor::pointer selfptr) : self(selfptr) {}

  build_directory_actor::behavior_type make_behavior();

  caf::result<build_actor> find_or_start(const build_request& request);
  void on_end(const std::string& image, bool ok);
  void on_down(const caf::down_msg& down);
  void release(const std::string& image);
  void start_waiting();

  build_directory_actor::pointer self;
  build_directory_options options;
  build_spawner spawner;

  struct entry {
    build_actor build;
    bool running = false;
    std::optional<uint64_t> told_ahead;  ///< builds ahead of it, as it heard last
  };
  std::unordered_map<std::string, entry> builds;  ///< by image name
  std::deque<std::string> waiting;                ///< image names without a slot yet
  uint32_t running = 0;
};

build_directory_actor::behavior_type build_directory(
    build_directory_actor::stateful_pointer<build_directory_state> self,
    build_directory_options options, build_spawner spawner);

}  // namespace bindery
