#include "http/client_address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <optional>

#include "runtime/error.hpp"

namespace bindery {

namespace {

using address_bytes = std::array<uint8_t, 16>;

constexpr unsigned mapped_bits = 96;  // where an IPv4 address begins in its IPv6 form

/// IPv4 addresses in their IPv6 form `::ffff:a.b.c.d`.
std::optional<address_bytes> read_address(std::string_view text, bool* is_ipv4 = nullptr) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;  // inet_pton stops there
  std::string copy{text};
  address_bytes bytes{};
  in_addr four{};
  if (::inet_pton(AF_INET, copy.c_str(), &four) == 1) {
    if (is_ipv4 != nullptr) *is_ipv4 = true;
    bytes[10] = bytes[11] = 0xff;
    const auto* raw = reinterpret_cast<const uint8_t*>(&four);
    std::copy(raw, raw + 4, bytes.begin() + 12);
    return bytes;
  }
  if (::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Takes the last element of a comma-separated list.
std::string_view take_last(std::string_view& list) {
  auto comma = list.rfind(',');
  auto last = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
  return trimmed(last);
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The address in `192.0.2.1:80`, `[2001:db8::1]:80` and `[2001:db8::1]`, as some proxies write it;
/// any other text as it is.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) {
    auto end = text.find(']');
    if (end == std::string_view::npos) return text;
    auto rest = text.substr(end + 1);
    bool whole = rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
    return whole ? text.substr(1, end - 1) : text;
  }
  auto colon = text.find(':');
  bool one = colon != std::string_view::npos && colon == text.rfind(':');
  return one && is_port(text.substr(colon + 1)) ? text.substr(0, colon) : text;
}

}  // namespace

caf::expected<network_range> network_range::parse(std::string_view text) {
  auto refuse = [&] {
    return make_error(errc::bad_settings, "\"" + std::string{text} +
                                              "\" is not a network: write it like 10.0.0.0/8, "
                                              "fc00::/7 or 192.0.2.1");
  };
  auto slash = text.find('/');
  bool is_ipv4 = false;
  auto address = read_address(text.substr(0, slash), &is_ipv4);
  if (!address) return refuse();
  network_range range;
  range.prefix_ = *address;
  range.bits_ = 128;
  if (slash != std::string_view::npos) {
    auto digits = text.substr(slash + 1);
    unsigned bits = 0;
    auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (ec != std::errc{} || end != digits.data() + digits.size() || bits > (is_ipv4 ? 32u : 128u))
      return refuse();
    range.bits_ = bits + (is_ipv4 ? mapped_bits : 0);
  }
  return range;
}

bool network_range::contains(std::string_view text) const {
  auto address = read_address(text);
  if (!address) return false;
  for (unsigned bit = 0; bit < bits_; ++bit) {
    auto mask = static_cast<uint8_t>(0x80u >> (bit % 8));
    if (((*address)[bit / 8] & mask) != (prefix_[bit / 8] & mask)) return false;
  }
  return true;
}

client_origin client_of(std::string_view peer, const forwarded_fields& fields,
                        const std::vector<network_range>& trusted) {
  auto is_trusted = [&](std::string_view address) {
    return std::any_of(trusted.begin(), trusted.end(),
                       [&](const auto& range) { return range.contains(address); });
  };
  client_origin result{std::string{peer}, false};
  if (!is_trusted(peer)) return result;
  auto list = fields.forwarded_for;
  while (!list.empty() && is_trusted(result.address)) {
    auto address = without_port(take_last(list));
    if (!read_address(address)) break;
    result.address = address;
  }
  auto real_ip = without_port(trimmed(fields.real_ip));
  if (fields.forwarded_for.empty() && read_address(real_ip)) result.address = real_ip;
  auto scheme = fields.forwarded_proto.empty() ? fields.scheme : fields.forwarded_proto;
  result.is_https = take_last(scheme) == "https";
  return result;
}

bool is_valid_host(std::string_view host) {
  if (host.empty() || host.size() > 255) return false;
  auto port = std::string_view{};
  if (host.front() == '[') {
    auto end = host.find(']');
    if (end == std::string_view::npos) return false;
    auto address = host.substr(1, end - 1);
    if (address.find(':') == std::string_view::npos || !read_address(address)) return false;
    port = host.substr(end + 1);
  } else {
    auto colon = std::min(host.find(':'), host.size());
    for (char c : host.substr(0, colon)) {
      bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   c == '-' || c == '.' || c == '_';
      if (!plain) return false;
    }
    if (colon == 0) return false;
    port = host.substr(colon);
  }
  return port.empty() || (port.front() == ':' && is_port(port.substr(1)));
}

}  // namespace bindery
