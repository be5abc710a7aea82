#pragma once

#include <netinet/in.h>
#include <string>
#include <sys/socket.h>

namespace bindery {

// Which addresses belong to the public internet: none that IANA's registries of special-purpose
// addresses keep for private networks, this machine, neighbours on a link, examples and the like.

/// For IPv4.
bool is_public_address(const in_addr& address);

/// For IPv6: global unicast (2000::/3) without 6to4, Teredo and documentation, and the NAT64 form
/// (64:ff9b::/96) of public IPv4 addresses.
bool is_public_address(const in6_addr& address);

/// For what a socket connects to. Other families than IPv4 and IPv6 are never public.
bool is_public_address(const sockaddr* address, socklen_t bytes);

/// For an address as text, without brackets. False for what is no address.
bool is_public_address(const std::string& text);

}  // namespace bindery
