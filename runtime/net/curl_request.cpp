#include "runtime/net/curl_request.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string_view>

#include <climits>

#include "runtime/error.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

/// `tchar` of RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

/// A value with a line break or NUL would write further header fields.
bool is_field_value(std::string_view text) {
  return text.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
}

bool is_url_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c > 0x20 && c != 0x7f; });
}

void set_target(CURL* easy, const http_request& request) {
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "bindery/" BINDERY_VERSION);
  if (!request.unix_socket.empty())
    curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, request.unix_socket.c_str());
  if (!request.unix_socket.empty() || is_loopback(request.url))
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

void set_method_and_body(CURL* easy, const http_request& request) {
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
      request.method == "PATCH") {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  // libcurl sends a request anew where a connection that was used before ends without an answer. A
  // server may have acted by then: whether to ask twice for what is not idempotent is the asker's
  // to decide and to know.
  if (request.method == "POST" || request.method == "PATCH")
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

}  // namespace

caf::error check_request(const http_request& request) {
  auto refuse = [&](const char* why) {
    return make_error(errc::bad_request, shown_url(request.url) + ": " + why);
  };
  if (!is_token(request.method)) return refuse("the request's method is no HTTP method");
  if (!is_url_text(request.url)) return refuse("the URL has spaces or control characters");
  for (const auto& [name, value] : request.headers)
    if (!is_token(name) || !is_field_value(value))
      return refuse("a header field of the request is malformed");
  if (request.unix_socket.find('\0') != std::string::npos)
    return refuse("the path of the socket has a NUL in it");
  return {};
}

curl_list header_list(const http_request& request) {
  curl_list list;
  bool ok = true;
  auto add = [&](const std::string& line) {
    auto* longer = curl_slist_append(list.get(), line.c_str());
    ok = ok && longer != nullptr;
    if (longer == nullptr) return;
    static_cast<void>(list.release());
    list.reset(longer);
  };
  for (const auto& [name, value] : request.headers)
    add(value.empty() ? name + ";" : name + ": " + value);
  // libcurl would announce a form, and wait for leave to send larger bodies.
  if (find_header(request.headers, "content-type").empty())
    add(request.body.empty() ? "Content-Type:" : "Content-Type: application/octet-stream");
  add("Expect:");
  if (!ok) list.reset();
  return list;
}

void set_request(CURL* easy, const http_request& request, const std::string& ca_file) {
  set_target(easy, request);
  set_method_and_body(easy, request);
  if (!ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
}

void set_deadlines(CURL* easy, const http_request& request, std::chrono::milliseconds spent) {
  auto bounded = [](std::chrono::milliseconds time) {
    return static_cast<long>(std::clamp<int64_t>(time.count(), 1, INT_MAX));
  };
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, bounded(request.timeout - spent));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, bounded(request.connect_timeout));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  // Without this, giving up on a name look-up would block the engine until the resolver is done.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
}

}  // namespace bindery
