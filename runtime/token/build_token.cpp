#include "runtime/token/build_token.hpp"

#include <algorithm>
#include <exception>
#include <jwt/jwt.hpp>
#include <utility>

#include "runtime/error.hpp"
#include "runtime/text/random.hpp"

namespace bindery {

namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

/// Three parts in base64url. The library must see nothing else: it indexes a table with each byte.
bool looks_like_a_token(const std::string& text) {
  constexpr size_t longest = 8 * 1024;
  constexpr const char* letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  return text.size() <= longest && std::count(text.begin(), text.end(), '.') == 2 &&
         text.find_first_not_of(letters) == std::string::npos;
}

constexpr size_t key_bytes = 32;

int64_t seconds_of(build_tokens::time_point when) {
  return duration_cast<seconds>(when.time_since_epoch()).count();
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

caf::expected<std::string> from_hex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    auto high = hex_digit(hex[i]);
    auto low = hex_digit(hex[i + 1]);
    if (high < 0 || low < 0) break;
    bytes += static_cast<char>(high * 16 + low);
  }
  if (bytes.size() * 2 != hex.size())
    return make_error(errc::bad_settings,
                      "BinderHub.build_token_secret: expected an even number of hex digits "
                      "(openssl rand -hex 32 makes some)");
  return bytes;
}

caf::error refused(const std::string& why) {
  return make_error(errc::forbidden,
                    "This link's build token " + why + ". Reload the page to get a new one.");
}

}  // namespace

caf::expected<build_tokens> build_tokens::make(const std::string& secret_hex,
                                               build_token_options options) {
  if (secret_hex.empty()) return build_tokens{random_bytes(key_bytes), options};
  auto key = from_hex(secret_hex);
  if (!key) return std::move(key.error());
  return build_tokens{std::move(*key), options};
}

std::string build_tokens::issue(const std::string& audience, const std::string& origin,
                                time_point now) const {
  using namespace jwt::params;
  jwt::jwt_object token{algorithm("HS256"), secret(key_), payload({})};
  token.add_claim("exp", seconds_of(now + options_.expires));
  token.add_claim("aud", audience);
  token.add_claim("origin", origin);
  return token.signature();
}

caf::error build_tokens::check(const std::string& token, const std::string& audience,
                               const std::string& origin) const {
  if (!looks_like_a_token(token)) return refused("is not one of ours");
  try {
    using namespace jwt::params;
    std::error_code why;
    auto read = jwt::decode(token, algorithms({"HS256"}), why, secret(key_));
    if (why == make_error_code(jwt::VerificationErrc::TokenExpired)) return refused("has expired");
    if (why) return refused("is not one of ours");
    const auto claims = read.payload().create_json_obj();
    // The library takes a token that never expires for a good one, and a time before 1970 for one
    // far ahead.
    if (auto exp = claims.find("exp"); exp == claims.end() || !exp->is_number_unsigned())
      return refused("is not one of ours");
    if (claims.value("aud", std::string{}) != audience) return refused("is for another repository");
    if (options_.check_origin && claims.value("origin", std::string{}) != origin)
      return refused("was issued to another site");
    return {};
  } catch (const std::exception&) {
    return refused("is not one of ours");
  }
}

}  // namespace bindery
