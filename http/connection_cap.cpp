#include <algorithm>
#include <sys/resource.h>

#include "http/options.hpp"

namespace bindery {

namespace {

/// Files for everything else: upstream connections, child processes' pipes, logs, and connections
/// that are being refused.
constexpr size_t reserved_files = 768;
constexpr size_t fewest_connections = 16;

/// Raises the soft limit on open files to the hard one and tells it.
size_t raised_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  if (limit.rlim_cur < limit.rlim_max) {
    auto wished = limit;
    wished.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &wished) == 0) limit = wished;
  }
  constexpr rlim_t enough = 1'000'000;
  return static_cast<size_t>(std::min(limit.rlim_cur, enough));
}

}  // namespace

size_t connection_cap(size_t wished) {
  auto files = raised_file_limit();
  auto fitting =
      std::max(files > 2 * reserved_files ? files - reserved_files : files / 2, fewest_connections);
  return wished == 0 ? fitting : std::min(wished, fitting);
}

}  // namespace bindery
