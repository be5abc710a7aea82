#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <caf/meta/type_name.hpp>

namespace bindery {

/// A child process to start. No shell is involved: arguments arrive as they are.
struct process_spec {
  /// Program name looked up in `PATH` of `environment`, or a path.
  std::string program;
  std::vector<std::string> arguments;
  /// Added to this process's own environment; an entry wins over what is there.
  std::vector<std::pair<std::string, std::string>> environment;
  /// "" for the current folder.
  std::string working_folder;
  /// Written to standard input, which is then closed.
  std::string input;
  /// 0: runs as long as it likes. Else the process group gets SIGTERM, and SIGKILL after
  /// `stop_grace`.
  std::chrono::milliseconds timeout{0};
  std::chrono::milliseconds stop_grace{5'000};
  /// One line of output longer than this is cut into several.
  uint32_t max_line_bytes = 64 * 1024;
  /// `run` only: output beyond this is dropped.
  uint64_t max_output_bytes = 1024 * 1024;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, process_spec& x) {
  return f(caf::meta::type_name("process_spec"), x.program, x.arguments, x.environment,
           x.working_folder, x.input, x.timeout, x.stop_grace, x.max_line_bytes,
           x.max_output_bytes);
}

/// How a child process ended.
struct process_exit {
  /// Exit status, or -1 where a signal ended it.
  int32_t code = -1;
  /// The signal that ended it, or 0.
  int32_t signal = 0;
  /// It was ended because its `timeout` passed.
  bool timed_out = false;

  bool ok() const { return code == 0; }
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, process_exit& x) {
  return f(caf::meta::type_name("process_exit"), x.code, x.signal, x.timed_out);
}

/// For people: `exit status 3`, `killed by signal 9 (Killed)`, `ran out of time`.
std::string to_string(const process_exit& end);

/// What `run` hands back.
struct process_result {
  process_exit end;
  std::string output;  ///< standard output, bounded
  std::string errors;  ///< standard error, bounded
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, process_result& x) {
  return f(caf::meta::type_name("process_result"), x.end, x.output, x.errors);
}

}  // namespace bindery
