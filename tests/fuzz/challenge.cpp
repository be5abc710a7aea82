#include "runtime/registry/challenge.hpp"

#include "target.hpp"

namespace bindery::fuzz {

namespace {

/// A `WWW-Authenticate` field.
void run(std::string_view bytes) {
  auto found = parse_challenges(bytes);
  require(found.size() <= 8, "challenges are bounded");
  for (const auto& challenge : found) {
    require(!challenge.scheme.empty(), "a challenge has a scheme");
    require(challenge.parameters.size() <= 16, "parameters are bounded");
    for (const auto& [name, value] : challenge.parameters)
      require(!name.empty() && name.size() + value.size() <= bytes.size(), "a part is a part");
    challenge.parameter("realm");
  }
}

const add_target added{"challenge", run};

}  // namespace

}  // namespace bindery::fuzz
