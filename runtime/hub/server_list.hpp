#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>
#include <caf/meta/type_name.hpp>

#include "runtime/hub/api.hpp"

namespace bindery {

/// A server that JupyterHub runs, starts or stops.
struct hub_server {
  std::string key;    ///< see `server_key`
  std::string image;  ///< as its user options name it; "" where they name none
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, hub_server& x) {
  return f(caf::meta::type_name("hub_server"), x.key, x.image);
}

struct hub_server_list {
  std::vector<hub_server> servers;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, hub_server_list& x) {
  return f(caf::meta::type_name("hub_server_list"), x.servers);
}

/// Names one server of one user: `<user>/<server>`, with "" for the default server.
std::string server_key(std::string_view user, std::string_view server);

/// Asks for users with active servers, from number `offset` on (JupyterHub 2.0 and newer).
http_request hub_server_page_request(const hub_address& hub, uint64_t offset);

/// One page of the answer.
struct hub_server_page {
  std::vector<hub_server> servers;
  std::optional<uint64_t> next_offset;  ///< nothing after the last page
};

/// Errors: bad_answer where it is no page of users; upstream_error where the token may not see
/// their servers.
caf::expected<hub_server_page> decode_server_page(std::string_view body);

}  // namespace bindery
