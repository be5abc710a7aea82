#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "runtime/build/trace.hpp"
#include "runtime/process/process.hpp"

namespace bindery {

/// Why a build made no image. One per thing that its readers can do something about.
enum class build_fault : uint8_t {
  builder_missing,         ///< repo2docker cannot be run
  engine_unreachable,      ///< no container engine answers, or it went away
  out_of_memory,           ///< a step, or the whole build, was killed for its memory
  disk_full,               ///< of the engine, of the builder or of the repository's own making
  base_image_missing,      ///< the registry does not have it
  base_image_refused,      ///< the registry wants other credentials, or fewer requests
  base_image_unreachable,  ///< the registry does not answer
  dockerfile_invalid,      ///< the engine cannot read it
  step_failed,             ///< a step of the Dockerfile ended badly
  packages_unsolvable,     ///< pip, conda or apt: no such package, or a conflict
  packages_unreachable,    ///< their index does not answer
  repository_missing,      ///< git: no such repository
  repository_refused,      ///< git: credentials are missing or wrong
  repository_unreachable,  ///< git: its host does not answer
  ref_missing,             ///< git: the commit is gone
  clone_failed,            ///< git: anything else
  push_refused,            ///< the registry does not let us store the image
  push_unreachable,        ///< the registry does not answer, or with an error of its own
  push_failed,             ///< anything else
  timed_out,               ///< the build took too long
  killed,                  ///< by a signal
  cancelled,               ///< the node ends, or somebody stopped it
  unknown,                 ///< told in repo2docker's own words
};

/// Identifier form, for logs: `base_image_missing`.
std::string to_string(build_fault fault);

/// How a build ended, beside what its log says.
struct build_end {
  process_exit exit;
  /// What was to be built.
  std::string repo_url, ref, image_name;
  /// repo2docker's program, and the address of the engine that it was given.
  std::string program, engine;
  /// What the build was allowed; 0 for no limit.
  std::chrono::seconds timeout{0};
  uint64_t memory_limit_bytes = 0;
  /// Whoever ran it says that it was killed for its memory.
  bool out_of_memory = false;
  /// It was told to stop.
  bool cancelled = false;
};

/// What people are told of a build without an image.
struct build_verdict {
  build_fault fault = build_fault::unknown;
  /// What was attempted, why it failed, what the reader can do. Without a final line break;
  /// bounded.
  std::string message;
};

/// Names the cause. Words of the repository's own may be among those that `trace` saw, so a verdict
/// is help for people and decides nothing.
build_verdict explain_failure(const build_trace& trace, const build_end& end);

/// The verdict where repo2docker could not even be started, for the reason `why`.
build_verdict explain_missing_builder(const build_end& end, const std::string& why);

}  // namespace bindery
