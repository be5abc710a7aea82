#include <arpa/inet.h>

#include "http/client_address.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

bool is_address(const std::string& text) {
  in6_addr place{};
  return inet_pton(AF_INET, text.c_str(), &place) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &place) == 1;
}

/// A line each: X-Forwarded-For, X-Real-IP, X-Forwarded-Proto, X-Scheme, Host, a trusted network.
void run(std::string_view bytes) {
  forwarded_fields fields;
  fields.forwarded_for = take_until(bytes, "\n");
  fields.real_ip = take_until(bytes, "\n");
  fields.forwarded_proto = take_until(bytes, "\n");
  fields.scheme = take_until(bytes, "\n");
  auto host = take_until(bytes, "\n");
  std::vector<network_range> trusted{*network_range::parse("127.0.0.0/8"),
                                     *network_range::parse("fd00::/8")};
  if (auto more = network_range::parse(bytes))
    trusted.push_back(*more);
  else
    require(!static_cast<bool>(more.error() == caf::error{}), "a refusal is an error");
  // Somebody whom we do not know can say what he likes.
  auto stranger = client_of("8.8.8.8", fields, {trusted[0], trusted[1]});
  require(stranger.address == "8.8.8.8" && !stranger.is_https, "strangers are not believed");
  auto origin = client_of("127.0.0.1", fields, trusted);
  require(is_address(origin.address), "a client's address is one");
  if (is_valid_host(host))
    require(host.size() <= 255 && host.find_first_of("/\\@\"'<> \r\n") == std::string_view::npos,
            "a host holds nothing that ends it");
}

const add_target added{"forwarding", run};

}  // namespace

}  // namespace bindery::fuzz
