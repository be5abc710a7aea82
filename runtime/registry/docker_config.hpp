#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

#include "runtime/settings/load.hpp"
#include "runtime/settings/secret.hpp"

namespace bindery {

/// A login that docker's `config.json` keeps for one registry.
struct docker_login {
  std::string key;  ///< of `auths`, as it is written: `https://index.docker.io/v1/`
  std::string username;
  secret password;
  /// What an identity service gave instead of the password; "" for none.
  secret identity_token;

  /// Nothing to log in with: a credential helper keeps it, or nobody does.
  bool empty() const { return username.empty() && identity_token.empty(); }
};

/// What docker's `config.json` says of registries.
struct docker_config {
  std::vector<docker_login> logins;  ///< in the file's order
  /// The whole file; "" where there is none.
  secret text;
  bool named = false;  ///< by the operator; else it was merely found
};

/// Reads the `auths` of docker's `config.json`: `auth` (base64 of `name:password`), else `username`
/// and `password`, and `identitytoken`. Errors: bad_settings naming the entry and what is wrong
/// with it, never its content.
caf::expected<docker_config> parse_docker_config(std::string_view text);

/// The registry that a key of `auths`, or a URL, means: its host in small letters, with a port
/// where one is written; `docker.io` for each of Docker Hub's names.
std::string docker_registry_host(std::string_view key_or_url);

/// What docker itself files a login for this host (see `docker_registry_host`) under: the host, but
/// for Docker Hub an address of its own.
std::string docker_login_key(const std::string& host);

/// The login whose key is `key_or_url`, else the first one for the same registry, else one for the
/// same host without the port that its scheme implies; null where there is none.
const docker_login* find_docker_login(const docker_config& config, std::string_view key_or_url);

/// Reads the file that the setting `docker_config_path` names; without one `config.json` in
/// `DOCKER_CONFIG`, or in `.docker` of the home folder, where it may be missing. Of a broken file
/// that nobody named, as docker does, only a warning is logged. Errors: bad_settings.
caf::expected<docker_config> load_docker_config(const std::string& docker_config_path,
                                                const environment& env);

}  // namespace bindery
