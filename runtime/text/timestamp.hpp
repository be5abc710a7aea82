#pragma once

#include <chrono>
#include <string>

namespace bindery {

/// `when` in UTC after RFC 3339, with milliseconds: `2026-11-23T20:00:00.123Z`.
std::string utc_milliseconds(std::chrono::system_clock::time_point when);

/// The same with microseconds: `2026-11-23T20:00:00.123456Z`.
std::string utc_microseconds(std::chrono::system_clock::time_point when);

}  // namespace bindery
