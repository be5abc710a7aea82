#include "runtime/providers/spec_rules.hpp"

#include "runtime/error.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

spec_rules rules() {
  provider_settings wanted;
  wanted.banned_specs = {"^spam/.*", "(a+)+$", "^[^/]+/(x|y|xy)*z.*", "user/banned.*"};
  return *spec_rules::make(wanted, "section");
}

/// A spec that the operator's expressions look at.
void run(std::string_view bytes) {
  static const auto all = rules();
  auto why = all.admit(bytes);
  if (why) require_words(describe(why));
  if (bytes.starts_with("spam/") && bytes.find_first_of("\r\n") == bytes.npos)
    require(static_cast<bool>(why), "what is banned is refused");
}

const add_target added{"spec_rules", run};

}  // namespace

}  // namespace bindery::fuzz
