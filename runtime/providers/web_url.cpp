#include "runtime/providers/web_url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "runtime/net/public_address.hpp"
#include "runtime/net/url.hpp"
#include "runtime/providers/spec_text.hpp"

namespace bindery {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view lower_and_digits = "abcdefghijklmnopqrstuvwxyz0123456789";

/// Bytes that RFC 3986 lets stand in a path or a query.
bool may_stand(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"-._~:/?#[]@!$&'()*+,;=%"}.find(c) != npos;
}

bool is_port(std::string_view text) {
  uint16_t number = 0;
  auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc{} && end == text.data() + text.size() && number != 0;
}

/// A name of letters, digits, dashes, underscores and dots, an IPv4 address among them, or an IPv6
/// address in brackets.
bool is_host(std::string_view host) {
  if (host.empty()) return false;
  if (host.front() == '[')
    return host.size() > 2 && host.back() == ']' &&
           host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdef:.") == npos;
  return lower_and_digits.find(host.front()) != npos &&
         host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") == npos &&
         host.find("..") == npos;
}

std::string_view without_end_dot(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool is_loopback_host(std::string_view host) {
  return is_loopback("http://" + std::string{host} + "/");
}

}  // namespace

std::string web_url::origin() const {
  return scheme + "://" + host + (port.empty() ? "" : ":" + port);
}

caf::expected<web_url> read_web_url(std::string_view text, errc blame) {
  auto refuse = [&](const std::string& why) {
    return make_error(blame, in_quotes(shown_url(text)) + " is not a usable URL: " + why);
  };
  if (!std::all_of(text.begin(), text.end(), may_stand))
    return refuse("it holds blanks, quotes or other characters that a URL holds only escaped");
  auto colon = text.find("://");
  web_url url;
  if (colon != npos) url.scheme = ascii_lower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https")
    return refuse("it does not begin with http:// or https://");
  auto rest = text.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  auto authority_end = std::min(rest.find_first_of("/?"), rest.size());
  auto host = rest.substr(0, authority_end);
  if (host.find('@') != npos) return refuse("it holds credentials");
  auto port = host.find(':', host.rfind(']') == npos ? 0 : host.rfind(']'));
  if (port != npos) {
    url.port = host.substr(port + 1);
    if (!is_port(url.port)) return refuse("its port is not a number from 1 to 65535");
    host = host.substr(0, port);
  }
  url.host = ascii_lower(host);
  if (!is_host(url.host)) return refuse("it names no host, or one with characters of no host");
  rest.remove_prefix(authority_end);
  auto question = std::min(rest.find('?'), rest.size());
  url.path = question == 0 ? "/" : std::string{rest.substr(0, question)};
  if (question < rest.size()) url.query = rest.substr(question + 1);
  return url;
}

bool is_public_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    auto address = host.substr(1, host.size() - 2);
    return address.find(':') != npos && is_public_address(std::string{address});
  }
  host = without_end_dot(host);
  auto dot = host.rfind('.');
  if (dot == npos || dot + 1 == host.size()) return false;  // such as a neighbour in a cluster
  auto end = host.substr(dot + 1);
  // No public name ends in digits, but some resolvers read 0x7f.1 and 127.1 as addresses.
  if (end.front() >= '0' && end.front() <= '9') return is_public_address(std::string{host});
  constexpr std::array not_public = {"localhost", "local",   "localdomain", "internal",
                                     "intranet",  "private", "corp",        "home",
                                     "lan",       "svc",     "arpa",        "invalid"};
  return std::find(not_public.begin(), not_public.end(), end) == not_public.end();
}

host_rule::host_rule(const std::vector<std::string>& named) {
  add(named);
}

void host_rule::add(const std::vector<std::string>& named) {
  for (const auto& each : named) {
    auto host = ascii_lower(without_end_dot(each));
    if (std::count(host.begin(), host.end(), ':') > 1 && host.front() != '[')
      host = "[" + host + "]";
    every_ = every_ || host == "*";
    loopback_ = loopback_ || is_loopback_host(host);
    named_.push_back(std::move(host));
  }
}

host_rule host_rule::and_also(const std::vector<std::string>& named) const {
  auto both = *this;
  both.add(named);
  return both;
}

host_rule host_rule::around(const std::string& base_url) {
  auto base = read_web_url(base_url, errc::bad_settings);
  return base ? host_rule{{base->host}} : host_rule{};
}

bool host_rule::names(std::string_view host) const {
  if (every_ || (loopback_ && is_loopback_host(host))) return true;
  return std::find(named_.begin(), named_.end(), without_end_dot(host)) != named_.end();
}

bool host_rule::allows(std::string_view host) const {
  return names(host) || is_public_host(host);
}

}  // namespace bindery
