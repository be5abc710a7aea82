#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <caf/expected.hpp>

#include "runtime/net/curl_engine.hpp"

namespace bindery {

/// A server that a launch ended with.
struct launched_url {
  std::string url;    ///< with trailing slash
  std::string token;  ///< a secret
};

/// Told of each event: its phase and its message, which may end in a line break.
using launch_listener = std::function<void(const std::string& phase, const std::string& message)>;

/// Launches `spec` (`git/<url>/HEAD`) at the Bindery under `base_url` as any client does, by its
/// event stream. Blocks. Errors: launch_failed with the launch's own words, unreachable, timeout.
caf::expected<launched_url> launch_and_follow(curl_engine& engine, const std::string& base_url,
                                              const std::string& spec,
                                              std::chrono::milliseconds timeout,
                                              const launch_listener& listener);

/// The status with which the server answers its own page, over redirects. Blocks.
caf::expected<int> ask_server(curl_engine& engine, const launched_url& server);

}  // namespace bindery
