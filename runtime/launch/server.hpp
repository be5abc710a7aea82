#pragma once

#include <cstdint>
#include <string>

#include <caf/meta/type_name.hpp>

namespace bindery {

/// A single-user server that JupyterHub started for a launch.
struct launched_server {
  std::string user;
  /// "" for the user's default server.
  std::string server_name;
  /// Public URL with trailing slash: hub URL + `user/<name>/[<server>/]`.
  std::string url;
  /// The server's own access token. A secret: it goes to the client of this launch only.
  std::string token;
  /// Attempts it took, from 1.
  uint32_t attempts = 1;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, launched_server& x) {
  return f(caf::meta::type_name("launched_server"), x.user, x.server_name, x.url, x.token,
           x.attempts);
}

}  // namespace bindery
