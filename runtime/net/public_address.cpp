#include "runtime/net/public_address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstring>

namespace bindery {

namespace {

struct network {
  uint32_t address;
  int bits;
};

/// What IANA reserves: private, loopback, link-local, shared, multicast and the like.
constexpr std::array reserved = {
    network{0x00000000, 8},  network{0x0a000000, 8},  network{0x64400000, 10},
    network{0x7f000000, 8},  network{0xa9fe0000, 16}, network{0xac100000, 12},
    network{0xc0000000, 24}, network{0xc0000200, 24}, network{0xc0586300, 24},
    network{0xc0a80000, 16}, network{0xc6120000, 15}, network{0xc6336400, 24},
    network{0xcb007100, 24}, network{0xe0000000, 3},
};

constexpr std::array<uint8_t, 12> nat64 = {0x00, 0x64, 0xff, 0x9b};

}  // namespace

bool is_public_address(const in_addr& address) {
  auto number = ntohl(address.s_addr);
  return std::none_of(reserved.begin(), reserved.end(), [&](const network& each) {
    return (number >> (32 - each.bits)) == (each.address >> (32 - each.bits));
  });
}

bool is_public_address(const in6_addr& address) {
  const auto* byte = address.s6_addr;
  if (std::equal(nat64.begin(), nat64.end(), byte)) {
    in_addr inner{};
    std::memcpy(&inner, byte + nat64.size(), sizeof(inner));
    return is_public_address(inner);
  }
  if ((byte[0] & 0xe0) != 0x20) return false;
  bool six_to_four = byte[0] == 0x20 && byte[1] == 0x02;
  bool teredo = byte[0] == 0x20 && byte[1] == 0x01 && byte[2] == 0 && byte[3] == 0;
  bool documentation = byte[0] == 0x20 && byte[1] == 0x01 && byte[2] == 0x0d && byte[3] == 0xb8;
  return !six_to_four && !teredo && !documentation;
}

bool is_public_address(const sockaddr* address, socklen_t bytes) {
  // Copied, because nobody says that `address` is aligned for its own type.
  if (address->sa_family == AF_INET && bytes >= sizeof(sockaddr_in)) {
    sockaddr_in whole{};
    std::memcpy(&whole, address, sizeof(whole));
    return is_public_address(whole.sin_addr);
  }
  if (address->sa_family == AF_INET6 && bytes >= sizeof(sockaddr_in6)) {
    sockaddr_in6 whole{};
    std::memcpy(&whole, address, sizeof(whole));
    return is_public_address(whole.sin6_addr);
  }
  return false;
}

bool is_public_address(const std::string& text) {
  if (text.find('\0') != std::string::npos) return false;  // inet_pton stops there
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return is_public_address(four);
  in6_addr six{};
  return inet_pton(AF_INET6, text.c_str(), &six) == 1 && is_public_address(six);
}

}  // namespace bindery
