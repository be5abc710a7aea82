#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <caf/error.hpp>

namespace bindery {

/// Whether `host` (a name or an address) takes TCP connections on `port`: makes one and closes it.
/// Blocks for at most `timeout` after the name's resolution. Errors: unreachable with the reason.
caf::error dial_tcp(const std::string& host, uint16_t port, std::chrono::milliseconds timeout);

}  // namespace bindery
