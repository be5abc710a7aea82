#pragma once

#include <string>
#include <string_view>

namespace bindery {

/// The network that one client can choose its addresses from: an IPv4 address as it is (also where
/// it comes in its IPv6 form), of an IPv6 address the first 64 bits (`2001:db8:1:2::/64`). Whatever
/// is no address stays as it is, up to 64 bytes.
std::string client_network(std::string_view address);

}  // namespace bindery
