#include "runtime/net/client_network.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>

namespace bindery {

namespace {

constexpr size_t longest_other = 64;
constexpr size_t network_bytes = 8;  // of an IPv6 address

}  // namespace

std::string client_network(std::string_view address) {
  std::string text{address.substr(0, address.find('%'))};  // without the zone of a link-local one
  in6_addr six{};
  if (::inet_pton(AF_INET6, text.c_str(), &six) != 1)
    return std::string{address.substr(0, longest_other)};
  std::array<char, INET6_ADDRSTRLEN> shown{};
  if (IN6_IS_ADDR_V4MAPPED(&six)) {
    ::inet_ntop(AF_INET, &six.s6_addr[12], shown.data(), shown.size());
    return shown.data();
  }
  std::fill(std::begin(six.s6_addr) + network_bytes, std::end(six.s6_addr), uint8_t{0});
  ::inet_ntop(AF_INET6, &six, shown.data(), shown.size());
  return std::string{shown.data()} + "/64";
}

}  // namespace bindery
