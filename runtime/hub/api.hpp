#pragma once

#include <string>
#include <string_view>

#include "runtime/net/http_message.hpp"

namespace bindery {

/// JupyterHub's REST API (its documentation, "JupyterHub REST API"), and the token to use it with.
struct hub_address {
  /// Such as `http://127.0.0.1:8081/hub/api`, with or without a trailing slash.
  std::string api_url;
  /// A secret: it appears in the `Authorization` header only.
  std::string token;
};

/// A user or server name as part of a hub URL: `@` and `~` stay as they are.
std::string escape_hub_name(std::string_view name);

/// Path under the API's URL: `users/<user>/server` for the default server "", else
/// `users/<user>/servers/<server>`.
std::string hub_server_path(std::string_view user, std::string_view server);

http_request hub_check_request(const hub_address& hub);
http_request hub_create_user_request(const hub_address& hub, std::string_view user);
/// Its answer is a user's model, see `read_servers`.
http_request hub_user_request(const hub_address& hub, std::string_view user);
http_request hub_delete_user_request(const hub_address& hub, std::string_view user);
/// `options` is a JSON object (see `encode_user_options`).
http_request hub_start_request(const hub_address& hub, std::string_view user,
                               std::string_view server, std::string options);
/// A server with a name is forgotten too, so that it no longer counts among the user's.
http_request hub_stop_request(const hub_address& hub, std::string_view user,
                              std::string_view server);
/// Its answer is an event stream, see `decode_progress`.
http_request hub_progress_request(const hub_address& hub, std::string_view user,
                                  std::string_view server);

/// The hub's own words in an error answer (`{"message": "..."}`), bounded and on one line; "" where
/// there are none.
std::string hub_message(const http_response& response);

}  // namespace bindery
