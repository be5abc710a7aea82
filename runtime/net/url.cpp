#include "runtime/net/url.hpp"

#include <algorithm>
#include <cctype>
#include <memory>

#include <curl/curl.h>

#include "runtime/error.hpp"

namespace bindery {

namespace {

constexpr size_t max_shown_bytes = 300;

struct url_deleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using url_ptr = std::unique_ptr<CURLU, url_deleter>;

url_ptr parse(const std::string& text) {
  url_ptr url{curl_url()};
  if (url && curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) url.reset();
  return url;
}

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  std::string result{text};
  curl_free(text);
  return result;
}

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string origin(CURLU* url) {
  return lower(part(url, CURLUPART_SCHEME) + "://" + part(url, CURLUPART_HOST) + ":" +
               part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT));
}

}  // namespace

size_t userinfo_bytes(std::string_view rest) {
  auto authority = rest.substr(0, rest.find('/'));
  auto colon = authority.find_last_of(":]");
  bool strange_port = colon != std::string_view::npos && authority[colon] == ':' &&
                      authority.find_first_not_of("0123456789", colon + 1) != authority.npos;
  auto at = strange_port ? rest.rfind('@') : authority.rfind('@');
  return at == std::string_view::npos ? 0 : at + 1;
}

std::string shown_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  std::string result;
  auto scheme_end = url.find("://");
  auto authority = scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
  result += url.substr(0, authority);
  auto rest = url.substr(authority);
  result += rest.substr(userinfo_bytes(rest));
  auto end = std::min(result.size(), max_shown_bytes);
  while (end < result.size() && end > 0 && (static_cast<unsigned char>(result[end]) & 0xc0) == 0x80)
    --end;
  auto is_cut = end < result.size();
  result.resize(end);
  auto readable = is_utf8(result);
  for (auto& c : result) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !readable)) c = '?';
  }
  return is_cut ? result + "..." : result;
}

caf::expected<std::string> resolve_location(const std::string& base, const std::string& location) {
  auto url = parse(base);
  if (!url || curl_url_set(url.get(), CURLUPART_URL, location.c_str(),
                           CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE) != CURLUE_OK)
    return make_error(errc::bad_answer, "it redirects to something that is no URL");
  auto scheme = lower(part(url.get(), CURLUPART_SCHEME));
  if (scheme != "http" && scheme != "https")
    return make_error(errc::bad_answer, "it redirects to " + shown_url(scheme) +
                                            ":, only http and https are followed");
  if (!part(url.get(), CURLUPART_USER).empty() || !part(url.get(), CURLUPART_PASSWORD).empty())
    return make_error(errc::bad_answer, "it redirects to a URL with credentials in it");
  return part(url.get(), CURLUPART_URL);
}

bool same_origin(const std::string& left, const std::string& right) {
  auto a = parse(left);
  auto b = parse(right);
  return a && b && origin(a.get()) == origin(b.get());
}

std::string host_of(const std::string& text) {
  url_ptr url{curl_url()};
  if (!url ||
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return {};
  return lower(part(url.get(), CURLUPART_HOST));
}

bool is_loopback(const std::string& text) {
  auto url = parse(text);
  if (!url) return false;
  auto host = lower(part(url.get(), CURLUPART_HOST));
  return host == "localhost" || host == "[::1]" || host == "::1" ||
         (host.rfind("127.", 0) == 0 && host.find_first_not_of("0123456789.") == std::string::npos);
}

}  // namespace bindery
