#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "runtime/launch/event.hpp"
#include "runtime/launch/stage_time.hpp"

namespace bindery {

/// Takes the time of a build's stages by the phases of its events.
class build_stage_clock {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The build began: it fetches.
  void start(time_point now) { began_ = now; }
  /// The next event. The first that builds ends the fetching, the first that pushes the building.
  void see(phase what, time_point now);
  /// The build made an image: the time of each stage that it had, without names. None where it was
  /// never seen to build, because an image was there already: then nothing is typical of the rest.
  std::vector<stage_time> end(time_point now) const;

 private:
  std::optional<time_point> began_, builds_, pushes_;
};

}  // namespace bindery
