#include "runtime/providers/git_url.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "runtime/error.hpp"
#include "runtime/net/url.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view name_bytes =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
constexpr std::string_view scheme_bytes =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";

bool made_of(std::string_view text, std::string_view bytes) {
  return text.find_first_not_of(bytes) == npos;
}

/// A refusal that shows the URL without what may be a password.
caf::error refusal(std::string_view url, const std::string& why) {
  return make_error(errc::bad_spec, in_quotes(shown_url(url)) + " is not a usable git URL: " + why);
}

bool has_scheme(std::string_view text) {
  auto scheme = text.substr(0, text.find("://"));
  return scheme.size() < text.size() && !scheme.empty() && letters.find(scheme.front()) != npos &&
         made_of(scheme, scheme_bytes);
}

/// `user@host:path` as a URL; "" for other texts.
std::string from_scp_form(std::string_view text) {
  auto at = text.find('@');
  auto colon = text.find(':');
  if (at == npos || colon == npos || at == 0 || colon < at + 2 || colon + 1 == text.size() ||
      !made_of(text.substr(0, at), name_bytes) ||
      !made_of(text.substr(at + 1, colon - at - 1), name_bytes))
    return {};
  auto path = text.substr(colon + 1);
  if (path.front() == '/') path.remove_prefix(1);
  return "ssh://" + std::string{text.substr(0, colon)} + "/" + std::string{path};
}

std::string joined(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

caf::error check_scheme(std::string_view url, const std::string& scheme,
                        const std::vector<std::string>& allowed) {
  if (scheme == "file") return refusal(url, "file: would read this server's own files");
  for (const auto& each : allowed)
    if (ascii_lower(each) == scheme) return {};
  return refusal(url, "the protocol " + in_quotes(scheme) +
                          " is not allowed here; allowed are: " + joined(allowed));
}

caf::error check_user(std::string_view url, std::string_view user, const std::string& scheme) {
  if (scheme != "ssh" || user.find(':') != npos)
    return refusal(url,
                   "credentials must not stand in an address, where everybody can read them; for "
                   "private repositories the operator of this site sets git_credentials");
  if (user.empty() || user.front() == '-' || !made_of(user, name_bytes))
    return refusal(url, "the user name before the @ cannot be used");
  return {};
}

caf::error check_port(std::string_view url, std::string_view port) {
  uint16_t number = 0;
  auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (fault == std::errc{} && end == port.data() + port.size() && number != 0) return {};
  return refusal(url, "its port is not a number from 1 to 65535");
}

caf::error check_host(std::string_view url, std::string_view host) {
  if (host.empty()) return refusal(url, "it names no host");
  if (host.front() == '[') {
    if (host.size() > 2 && host.back() == ']' &&
        made_of(host.substr(1, host.size() - 2), "0123456789abcdefABCDEF:."))
      return {};
    return refusal(url, "its IPv6 address is malformed");
  }
  if (host.front() == '-' || host.front() == '.' || !made_of(host, name_bytes))
    return refusal(url,
                   "its host name does not begin with a letter or digit, or holds other characters "
                   "than letters, digits, dashes and dots");
  return {};
}

/// What names the host in the part of a URL between `//` and the path.
struct authority_parts {
  std::string_view user;  ///< with its @; "" for none
  std::string_view host;
  std::string_view port;  ///< with its colon; "" for none
};

authority_parts split_authority(std::string_view authority) {
  authority_parts parts;
  auto host = authority.rfind('@');
  if (host != npos) {
    parts.user = authority.substr(0, host + 1);
    authority.remove_prefix(host + 1);
  }
  auto colon = authority.rfind(':');
  auto bracket = authority.rfind(']');
  if (colon == npos || (bracket != npos && bracket > colon)) colon = authority.size();
  parts.host = authority.substr(0, colon);
  parts.port = authority.substr(colon);
  return parts;
}

caf::error check_authority(std::string_view url, std::string_view authority,
                           const std::string& scheme) {
  auto [user, host, port] = split_authority(authority);
  if (!user.empty())
    if (auto why = check_user(url, user.substr(0, user.size() - 1), scheme)) return why;
  if (!port.empty())
    if (auto why = check_port(url, port.substr(1))) return why;
  return check_host(url, host);
}

caf::error check_path(std::string_view url, std::string_view escaped) {
  auto path = percent_unescape(escaped);
  if (!path) return refusal(url, "in its path a % is not followed by two hex digits");
  if (!is_utf8(*path) || has_control(*path))
    return refusal(url, "its path holds escaped control characters, or is not UTF-8");
  if (path->find_first_not_of('/') == std::string::npos)
    return refusal(url, "its path is missing, so it names no repository");
  auto rest = std::string_view{*path}.substr(1);
  if (rest.back() == '/') rest.remove_suffix(1);
  for (size_t at = 0; at <= rest.size();) {
    auto slash = std::min(rest.find('/', at), rest.size());
    auto part = rest.substr(at, slash - at);
    if (part.empty()) return refusal(url, "there is nothing between two slashes of its path");
    if (part == "." || part == "..") return refusal(url, "its path must not hold \".\" and \"..\"");
    at = slash + 1;
  }
  return {};
}

}  // namespace

caf::expected<std::string> read_git_url(std::string_view text,
                                        const std::vector<std::string>& allowed_protocols) {
  if (text.empty()) return make_error(errc::bad_spec, "The repository's URL is missing");
  if (!is_utf8(text) || has_control(text) || text.find_first_of(" \\") != npos)
    return refusal(text, "it holds blanks (written %20), backslashes or control characters");
  if (text.front() == '-') return refusal(text, "it begins with a dash");
  std::string url{text};
  if (!has_scheme(text)) {
    if (text.substr(0, text.find("://")).find("::") != npos)
      return refusal(text, "git's remote helpers are not allowed here");
    url = from_scp_form(text);
    if (url.empty())
      return refusal(text,
                     "it does not begin with a protocol. Expected is a whole URL, percent-escaped, "
                     "and a ref: https%3A%2F%2Fgit.example%2Frepository/HEAD");
  }
  auto scheme = ascii_lower(url.substr(0, url.find("://")));
  url = scheme + url.substr(scheme.size());
  if (auto why = check_scheme(text, scheme, allowed_protocols)) return why;
  if (url.find_first_of("?#") != npos)
    return refusal(text, "a repository's URL has neither a query (?) nor a fragment (#)");
  auto rest = std::string_view{url}.substr(scheme.size() + 3);
  auto slash = std::min(rest.find('/'), rest.size());
  if (auto why = check_authority(text, rest.substr(0, slash), scheme)) return why;
  if (auto why = check_path(text, rest.substr(slash))) return why;
  return url;
}

std::string git_host(std::string_view url) {
  url.remove_prefix(std::min(url.find("://"), url.size() - 3) + 3);
  return ascii_lower(split_authority(url.substr(0, url.find('/'))).host);
}

caf::error check_git_ref(std::string_view ref) {
  if (auto why = check_ref(ref)) return why;
  if (ref.find_first_of(" ~^:?*[\\") == npos && ref.find("@{") == npos) return {};
  return make_error(errc::bad_spec, "The ref cannot be " + in_quotes(ref) +
                                        ": it is HEAD, a branch, a tag or a full commit hash, and "
                                        "holds neither blanks nor any of ~ ^ : ? * [ \\ @{");
}

}  // namespace bindery
