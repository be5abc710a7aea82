#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "actors/build.hpp"
#include "actors/launch_services.hpp"
#include "runtime/event_log/event_log.hpp"
#include "runtime/metrics/metrics.hpp"

/// What operators learn of builds and launches: metrics, event log and log, fed from one place.
namespace bindery {

/// Fills in `on_begin`, `on_end` and `launching.on_retry`.
void observe_launches(launch_services& services, std::shared_ptr<metrics> counters,
                      std::shared_ptr<event_log> events);

/// Counts every start of `backend`.
build_backend observe_starts(build_backend backend, std::shared_ptr<metrics> counters);

/// The provider's name for people, by its prefix.
using provider_namer = std::function<std::string(std::string_view prefix)>;

/// Told of every end of a build.
build_observer observe_ends(std::shared_ptr<metrics> counters, provider_namer name_provider);

}  // namespace bindery
