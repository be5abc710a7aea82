#include "runtime/token/build_token.hpp"

#include <chrono>

#include "runtime/error.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

/// A build token of a link. One of the kept inputs is good; nobody can forge another.
void run(std::string_view bytes) {
  static const auto tokens = *build_tokens::make(std::string(64, '7'), {});
  static const auto good = tokens.issue("gh/user/repo/HEAD", "binder.example",
                                        std::chrono::system_clock::from_time_t(4'000'000'000));
  auto why = tokens.check(std::string{bytes}, "gh/user/repo/HEAD", "binder.example");
  if (why) return require_words(describe(why));
  // The last character of base64 has bits that mean nothing.
  require(bytes.substr(0, bytes.rfind('.')) == good.substr(0, good.rfind('.')),
          "only what was signed is taken");
}

const add_target added{"build_token", run};

}  // namespace

}  // namespace bindery::fuzz
