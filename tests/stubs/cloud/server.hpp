#pragma once

#include <cstdint>

#include "tests/stubs/cloud/cloud.hpp"

namespace stub_cloud {

/// Listens on loopback, one port for each service and one for all of them with `/_control`, prints
/// where as one line of JSON, and serves until SIGTERM or SIGINT. `first_port` 0 takes free ports;
/// otherwise they follow one another from it. Throws std::exception where a port cannot be had.
void serve(cloud& all, uint16_t first_port);

}  // namespace stub_cloud
