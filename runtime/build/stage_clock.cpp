#include "runtime/build/stage_clock.hpp"

namespace bindery {

namespace {

using time_point = build_stage_clock::time_point;

stage_time between(launch_stage what, time_point from, time_point to) {
  return {{}, what, std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count()};
}

}  // namespace

void build_stage_clock::see(phase what, time_point now) {
  if (what == phase::building && !builds_ && !pushes_) builds_ = now;
  if (what == phase::pushing && !pushes_) pushes_ = now;
}

std::vector<stage_time> build_stage_clock::end(time_point now) const {
  if (!began_ || !builds_) return {};
  std::vector<stage_time> all{between(launch_stage::fetch, *began_, *builds_),
                              between(launch_stage::build, *builds_, pushes_.value_or(now))};
  if (pushes_) all.push_back(between(launch_stage::push, *pushes_, now));
  return all;
}

}  // namespace bindery
