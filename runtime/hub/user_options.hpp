#pragma once

#include <string>

namespace bindery {

/// What the hub's spawner is told about a launch (contract, section 8).
struct hub_user_options {
  std::string image;
  std::string repo_url;
  /// The server's own access token. A secret.
  std::string token;
  std::string binder_ref_url;
  std::string binder_launch_host;
  std::string binder_request;
  std::string binder_persistent_request;
  std::string binder_client_ip;
};

/// As the JSON body of a start request. Invalid UTF-8 is replaced, never refused.
std::string encode_user_options(const hub_user_options& options);

}  // namespace bindery
