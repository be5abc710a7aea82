#include "runtime/engine/address.hpp"

#include "runtime/error.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// A socket's path must fit `sockaddr_un`.
constexpr size_t max_socket_path_bytes = 107;

}  // namespace

caf::expected<engine_address> parse_engine_address(std::string_view text) {
  auto given = text;
  auto refuse = [&](const char* why) {
    return make_error(errc::bad_settings, "The container engine's address " + shown_url(given) +
                                              " cannot be used: " + why);
  };
  if (take_prefix(text, "unix://") || (!text.empty() && text.front() == '/')) {
    if (text.empty() || text.front() != '/') return refuse("a socket needs an absolute path");
    if (text.size() > max_socket_path_bytes)
      return refuse("the socket's path is longer than 107 bytes");
    return engine_address{"http://engine", std::string{text}};
  }
  std::string scheme = given.substr(0, 8) == "https://" ? "https://" : "http://";
  if (!take_prefix(text, "tcp://") && !take_prefix(text, "http://") &&
      !take_prefix(text, "https://"))
    return refuse("use unix:///path, tcp://host:port, http://host:port or https://host:port");
  while (!text.empty() && text.back() == '/') text.remove_suffix(1);
  if (text.empty()) return refuse("it names no host");
  return engine_address{scheme + std::string{text}, {}};
}

}  // namespace bindery
