#pragma once

#include <sys/types.h>

#include <caf/expected.hpp>

#include "runtime/process/process.hpp"

namespace bindery {

/// A child that was started. The caller owns the descriptors and reaps the child.
struct spawned_process {
  pid_t pid = -1;  ///< also its process group and session
  int pid_fd = -1;
  int output_fd = -1;  ///< read end of its standard output, non-blocking
  int errors_fd = -1;  ///< read end of its standard error, non-blocking
};

/// Starts a child in a session of its own, with the given standard input and no other descriptor of
/// ours. It gets SIGTERM when the calling thread ends. Errors: process_failed, naming the program
/// and why.
caf::expected<spawned_process> spawn_process(const process_spec& spec);

}  // namespace bindery
