#pragma once

#include <chrono>
#include <string>
#include <utility>

#include <caf/error.hpp>
#include <caf/expected.hpp>

namespace bindery {

struct build_token_options {
  std::chrono::seconds expires{300};
  /// A token is good only for requests from the origin that it was issued to.
  bool check_origin = true;
};

/// Signs and checks build tokens: proof that a launch was begun on a page of ours. JSON Web Tokens
/// (RFC 7519) with HS256 and the claims `exp`, `aud` and `origin` (contract, section 11). May be
/// used from many threads.
class build_tokens {
 public:
  using time_point = std::chrono::system_clock::time_point;

  /// `secret_hex`: the key in hex, the same on every node; "" for a random one of this process.
  /// Errors: bad_settings.
  static caf::expected<build_tokens> make(const std::string& secret_hex,
                                          build_token_options options);

  /// `audience`: `<provider>/<spec>` as in the link. `origin`: host and port of the page, or of the
  /// request.
  std::string issue(const std::string& audience, const std::string& origin, time_point now) const;

  /// Nothing where the token is good now. Errors: forbidden, in words for people.
  caf::error check(const std::string& token, const std::string& audience,
                   const std::string& origin) const;

 private:
  build_tokens(std::string key, build_token_options options)
      : key_(std::move(key)), options_(options) {}

  std::string key_;
  build_token_options options_;
};

}  // namespace bindery
