#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bindery {

/// One way to authenticate that an upstream offers.
struct auth_challenge {
  /// In lower case: `basic`, `bearer`.
  std::string scheme;
  /// Names in lower case.
  std::vector<std::pair<std::string, std::string>> parameters;

  /// "" where there is none of that name.
  std::string parameter(std::string_view name) const;
};

/// Reads a `WWW-Authenticate` value (RFC 9110, section 11.6.1). What cannot be read, and what goes
/// beyond 8 KiB, 8 challenges or 16 parameters each, is left out.
std::vector<auth_challenge> parse_challenges(std::string_view value);

}  // namespace bindery
