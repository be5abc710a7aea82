#include "cli/git_resolve.hpp"

#include <iostream>
#include <iterator>
#include <string>
#include <sys/resource.h>

#include "cli/connect_guard.hpp"
#include "runtime/error.hpp"
#include "runtime/git/resolve.hpp"
#include "runtime/net/url.hpp"

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

caf::expected<std::string> answer_to(const std::string& text) {
  auto query = decode_query(text);
  if (!query) return std::move(query.error());
  if (query->public_only && !refuse_private_addresses())
    return make_error(errc::internal, "Connections to private networks cannot be refused here");
  auto answer = resolve_with_libgit2(*query);
  if (answer || !private_address_refused()) return answer;
  return make_error(errc::forbidden, "The host of " + shown_url(query->url) +
                                         " has an address of a private network, and such hosts "
                                         "are not asked. The operator of this site can allow it "
                                         "with GitRepoProvider.private_hosts");
}

}  // namespace

int git_resolve_main() {
  limit_this_process();
  std::string text{std::istreambuf_iterator<char>{std::cin}, {}};
  std::cout << encode_answer(answer_to(text)) << std::endl;
  return 0;
}

}  // namespace bindery
