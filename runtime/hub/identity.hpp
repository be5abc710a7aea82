#pragma once

#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>

namespace bindery {

/// Whom JupyterHub says a token belongs to (`GET /hub/api/user`).
struct hub_identity {
  std::string name;
  /// `user`, or `service`: a service has no servers of its own.
  std::string kind;
  /// What the token allows, with everything that follows from it.
  std::vector<std::string> scopes;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, hub_identity& x) {
  return f(caf::meta::type_name("hub_identity"), x.name, x.kind, x.scopes);
}

/// What a finished login brings.
struct hub_login {
  /// The hub's token for this browser. A secret: it goes into the browser's sealed cookie only.
  std::string token;
  hub_identity who;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, hub_login& x) {
  return f(caf::meta::type_name("hub_login"), x.token, x.who);
}

/// What logs may show.
inline std::string to_string(const hub_login& x) {
  return "login of " + x.who.name;
}

}  // namespace bindery
