#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

namespace bindery {

/// A network in CIDR form, IPv4 or IPv6.
class network_range {
 public:
  /// `10.0.0.0/8`, `fc00::/7`, or a single address. Errors: bad_settings.
  static caf::expected<network_range> parse(std::string_view text);
  /// False for whatever is not an address.
  bool contains(std::string_view address) const;

 private:
  std::array<uint8_t, 16> prefix_{};
  unsigned bits_ = 0;
};

/// What a request says about where it came from.
struct forwarded_fields {
  std::string_view forwarded_for;    ///< `X-Forwarded-For`, all fields joined by commas
  std::string_view real_ip;          ///< `X-Real-IP`
  std::string_view forwarded_proto;  ///< `X-Forwarded-Proto`
  std::string_view scheme;           ///< `X-Scheme`
};

/// Where a request came from, as far as we believe it.
struct client_origin {
  std::string address;
  bool is_https = false;
};

/// Believes `fields` only where `peer` is one of `trusted`; of several forwarders, the one nearest
/// to us that is not itself trusted is the client.
client_origin client_of(std::string_view peer, const forwarded_fields& fields,
                        const std::vector<network_range>& trusted);

/// True for a plain `host`, `host:port` or `[IPv6]:port`, up to 255 characters.
bool is_valid_host(std::string_view host);

}  // namespace bindery
