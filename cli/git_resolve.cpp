#include "cli/git_resolve.hpp"

#include <iostream>
#include <iterator>
#include <string>
#include <sys/resource.h>

#include "runtime/git/resolve.hpp"

namespace bindery {

namespace {

/// What the ref list of a huge repository (a million refs) needs, and no more: a hostile server may
/// send refs without end.
void limit_this_process() {
  auto limit = [](auto what, rlim_t most) {
    rlimit both{most, most};
    ::setrlimit(what, &both);
  };
  limit(RLIMIT_CPU, 60);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CORE, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they take terabytes
  limit(RLIMIT_DATA, 512 * 1024 * 1024);
#endif
}

}  // namespace

int git_resolve_main() {
  limit_this_process();
  std::string text{std::istreambuf_iterator<char>{std::cin}, {}};
  auto query = decode_query(text);
  std::cout << encode_answer(query ? resolve_with_libgit2(*query)
                                   : caf::expected<std::string>{query.error()})
            << std::endl;
  return 0;
}

}  // namespace bindery
