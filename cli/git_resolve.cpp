#include "cli/git_resolve.hpp"

#include <iostream>
#include <iterator>
#include <string>
#include <sys/resource.h>

#include "runtime/git/resolve.hpp"

namespace bindery {

int git_resolve_main() {
  // What a ref list of a huge repository needs, and no more.
  for (auto [what, most] : {std::pair{RLIMIT_CPU, rlim_t{60}}, std::pair{RLIMIT_FSIZE, rlim_t{0}},
                            std::pair{RLIMIT_CORE, rlim_t{0}}}) {
    rlimit limit{most, most};
    ::setrlimit(static_cast<__rlimit_resource>(what), &limit);
  }
  std::string text{std::istreambuf_iterator<char>{std::cin}, {}};
  auto query = decode_query(text);
  std::cout << encode_answer(query ? resolve_with_libgit2(*query)
                                   : caf::expected<std::string>{query.error()})
            << std::endl;
  return 0;
}

}  // namespace bindery
