#include "runtime/error.hpp"
#include "runtime/net/answer_intake.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

/// The head of an upstream's answer, in lines as libcurl hands them over, then its body.
void run(std::string_view bytes) {
  constexpr size_t most = 500;
  answer_intake intake{most, most};
  while (!bytes.empty() && !intake.head_complete()) {
    auto line = std::string{take_until(bytes, "\n")} + "\n";
    if (auto why = intake.add_header_line(line)) return require_words(describe(why));
  }
  size_t kept = 0;
  for (const auto& [name, value] : intake.response().headers) {
    kept += name.size() + value.size();
    require(!name.empty(), "a field has a name");
    require((name + value).find('\n') == std::string::npos, "a field is one line");
  }
  require(kept <= most, "headers are bounded");
  if (intake.head_complete()) require(intake.response().status >= 200, "the answer is final");
  if (auto why = intake.add_body(bytes, true)) require_words(describe(why));
  require(intake.response().body.size() <= most, "the body is bounded");
}

const add_target added{"header_lines", run};

}  // namespace

}  // namespace bindery::fuzz
