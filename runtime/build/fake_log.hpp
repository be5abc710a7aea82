#pragma once

#include <chrono>
#include <vector>

#include "runtime/build/request.hpp"
#include "runtime/launch/event.hpp"

namespace bindery {

/// One step of a build that only looks like one: a pause, then what is said.
struct fake_step {
  std::chrono::milliseconds pause{0};
  stream_event says;
};

/// What repo2docker would say of a small repository: fetching, building, pushing with its progress,
/// `built` last. The repository `fail` of the fake provider ends in `failed`, so that this can be
/// seen too.
std::vector<fake_step> fake_build_log(const build_request& request);

}  // namespace bindery
