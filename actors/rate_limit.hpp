#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <unordered_map>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"

namespace bindery {

struct rate_limit_options {
  /// Launches of one client network in a window.
  uint32_t limit = 10;
  /// Length of a window; it begins with a client's first launch and does not slide.
  std::chrono::seconds period{3600};
  /// How often windows that are over are forgotten.
  std::chrono::seconds clean{600};
  /// Windows kept at once, some 200 bytes each; one more, and the oldest is forgotten.
  size_t max_windows = 200'000;
  /// The time of day, for `rate_count::reset`.
  std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

struct rate_limit_state {
  static inline const char* name = "rate_limit";
  using time_point = caf::actor_clock::time_point;

  explicit rate_limit_state(rate_limit_actor::pointer selfptr) : self(selfptr) {}

  rate_limit_actor::behavior_type make_behavior();

  rate_count count(const std::string& address);
  void clean();

  struct window {
    std::string network;
    time_point ends;
    int64_t reset = 0;  ///< the same, in seconds since 1970
    uint32_t used = 0;
  };

  rate_limit_actor::pointer self;
  rate_limit_options options;
  std::list<window> windows;  ///< the one that ends first in front: all are of one length
  std::unordered_map<std::string_view, std::list<window>::iterator> by_network;
  bool cleaning = false;  ///< a message to clean is on its way

 private:
  window& window_of(const std::string& network, time_point now);
  void forget_front();
  void clean_later();
};

/// Counts launches. Holds nothing, and asks for no timer, while nobody launches.
rate_limit_actor::behavior_type rate_limit(
    rate_limit_actor::stateful_pointer<rate_limit_state> self, rate_limit_options options);

}  // namespace bindery
