#pragma once

#include <deque>
#include <string>

#include "runtime/build/request.hpp"
#include "runtime/launch/event.hpp"

namespace bindery {

/// The log of a failed build as people read it: what was built, why it failed, then what the build
/// said, without terminal colours. `said` may lack its oldest events.
std::string build_log_text(const build_request& request, const std::deque<stream_event>& said,
                           const stream_event& failure);

/// The failure of a build whose log is kept under `id`.
stream_event with_build_log(stream_event failure, const std::string& id);

/// That id; "" where no log is kept.
std::string build_log_of(const stream_event& failure);

}  // namespace bindery
