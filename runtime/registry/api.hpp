#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "runtime/net/http_message.hpp"
#include "runtime/registry/image_reference.hpp"

namespace bindery {

/// A registry and how to log in to it.
struct registry_address {
  /// Such as `http://127.0.0.1:5000`, with or without a trailing slash.
  std::string url;
  std::string username;
  /// A secret: it appears in `Authorization` headers only.
  std::string password;
  /// What an identity service gave instead of a password; a bearer token is exchanged for it. A
  /// secret; "" for none.
  std::string identity_token;
  /// Where bearer tokens come from; "" for what the registry's `WWW-Authenticate` names.
  std::string token_url;
  /// The registry answers 401, not 404, for images that do not exist (Docker Hub does).
  bool not_found_401 = false;
  /// `token_url` is the metadata server of a Google Cloud machine, whose answer is the login.
  bool google_metadata = false;
};

/// What the registry said of an image.
enum class manifest_answer { exists, absent, needs_login };

/// A bearer token source, from a challenge or the settings.
struct registry_token_source {
  std::string url;
  std::string service;
  std::string scope;
};

/// `GET /v2/`, which every registry serves.
http_request registry_check_request(const registry_address& registry);

/// True where the answer to `registry_check_request` comes from a registry that serves: also one
/// that wants a login first.
bool registry_serves(const http_response& response);

/// Asks for the image's manifest, OCI or Docker, single or index. `authorization` is the header's
/// value, or "".
http_request manifest_request(const registry_address& registry, const image_reference& image,
                              const std::string& authorization);

/// `the registry answered 500: <its words>`, as upstream_error.
caf::error registry_refusal(const http_response& response);

/// Errors: upstream_error with the registry's words, forbidden (403).
caf::expected<manifest_answer> decode_manifest_answer(const http_response& response);

/// The `Authorization` value for user name and password; "" without a user name.
std::string basic_authorization(const registry_address& registry);

/// Where to get a bearer token after `needs_login`; nothing where the registry offers none. A plain
/// http source that an https registry names is passed over, because the password would go there.
std::optional<registry_token_source> find_token_source(const registry_address& registry,
                                                       const image_reference& image,
                                                       const http_response& response);

/// True where the registry offers basic authentication.
bool offers_basic(const http_response& response);

/// Asks for a token (Distribution's "Token Authentication Specification"; for an identity token its
/// "OAuth2 Token Authentication"; Google Cloud's "Access tokens" of the metadata server).
http_request token_request(const registry_address& registry, const registry_token_source& source);

/// The token in the answer. A secret. Errors: forbidden (401, 403),
/// upstream_error, bad_answer.
caf::expected<std::string> decode_token_answer(const http_response& response);

}  // namespace bindery
