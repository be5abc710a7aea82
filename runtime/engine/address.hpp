#pragma once

#include <string>
#include <string_view>

#include <caf/expected.hpp>

namespace bindery {

/// Where a container engine listens.
struct engine_address {
  /// Begins every URL, without a trailing slash.
  std::string base_url;
  /// "" for TCP.
  std::string unix_socket;
};

/// Reads `unix:///path`, `/path`, `tcp://host:port`, `http://host:port` or `https://host:port`, as
/// `DOCKER_HOST` and the setting `docker_host` have them. Errors: bad_settings.
caf::expected<engine_address> parse_engine_address(std::string_view text);

}  // namespace bindery
