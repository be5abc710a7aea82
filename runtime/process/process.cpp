#include "runtime/process/process.hpp"

#include <cstring>

namespace bindery {

std::string to_string(const process_exit& end) {
  if (end.timed_out) return "ran out of time";
  if (end.signal != 0)
    return "killed by signal " + std::to_string(end.signal) + " (" + strsignal(end.signal) + ")";
  return "exit status " + std::to_string(end.code);
}

}  // namespace bindery
