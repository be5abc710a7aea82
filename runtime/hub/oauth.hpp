#pragma once

#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "runtime/net/http_message.hpp"

/// JupyterHub as an OAuth 2 provider (RFC 6749, section 4.1, and the hub's own documentation,
/// "Services"). Texts only: actors carry the requests out.
namespace bindery {

/// This installation as the hub knows it.
struct oauth_client {
  std::string client_id;
  /// The service's API token. A secret.
  std::string client_secret;
  /// As it is registered with the hub: a URL, or a path.
  std::string redirect_uri;
  /// Where browsers log in.
  std::string authorization_url;
  /// The hub's API, with or without a trailing slash.
  std::string api_url;
};

/// Where a browser is sent to log in.
std::string authorization_address(const oauth_client& client, std::string_view state);

/// Trades a code for a token; see `read_token`.
http_request token_request(const oauth_client& client, std::string_view code);

/// Errors: forbidden where the code is used up, expired or another's; upstream_error, bad_answer.
caf::expected<std::string> read_token(const http_response& response);

/// Asks whose token it is; see `read_identity`.
http_request identity_request(const oauth_client& client, const std::string& token);

/// True for what may stand in an `Authorization` field and in a cookie: printable ASCII without
/// spaces, of bounded length.
bool is_plain_token(std::string_view token);

}  // namespace bindery
