#include "runtime/error.hpp"
#include "runtime/git/resolve.hpp"
#include "runtime/providers/spec_text.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

/// What the process that asks git remotes reads and answers.
void run(std::string_view bytes) {
  auto answer = decode_answer(std::string{bytes});
  if (answer)
    require(is_commit_hash(*answer), "an answer is a commit");
  else
    require(code_of(answer.error()) != errc::none, "a refusal has a code");
  if (auto query = decode_query(std::string{bytes})) {
    auto again = decode_query(encode_query(*query));
    require(again && again->url == query->url && again->ref == query->ref &&
                again->public_only == query->public_only,
            "a query is read as it is written");
  }
}

const add_target added{"git_answer", run};

}  // namespace

}  // namespace bindery::fuzz
