#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <caf/meta/type_name.hpp>

namespace bindery {

/// What a launch spends its time on, in this order. Waiting for a free build slot is none of them.
enum class launch_stage : uint8_t {
  resolve,  ///< from spec to commit
  fetch,    ///< repo2docker gets the repository
  build,
  push,
  launch,  ///< JupyterHub starts the server
};

constexpr size_t launch_stage_count = 5;

/// The stage's name in `/api/estimate` and in the file of the history.
std::string_view to_string(launch_stage what);

/// How long a stage took that went well.
struct stage_time {
  std::string repository;  ///< `repository_key`
  launch_stage what = launch_stage::resolve;
  int64_t milliseconds = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, stage_time& x) {
  return f(caf::meta::type_name("stage_time"), x.repository, x.what, x.milliseconds);
}

/// What earlier launches of a repository lead one to expect.
struct launch_estimate {
  uint32_t launches = 0;  ///< how many the expectation rests on
  uint32_t builds = 0;
  /// For each stage the median in milliseconds; -1 where nothing is known.
  std::array<int64_t, launch_stage_count> milliseconds{-1, -1, -1, -1, -1};

  int64_t of(launch_stage what) const { return milliseconds[static_cast<size_t>(what)]; }
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, launch_estimate& x) {
  return f(caf::meta::type_name("launch_estimate"), x.launches, x.builds, x.milliseconds);
}

}  // namespace bindery
