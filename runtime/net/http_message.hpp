#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <caf/meta/type_name.hpp>

namespace bindery {

/// Header fields in order; names compare without case.
using http_headers = std::vector<std::pair<std::string, std::string>>;

/// The first value of header `name`, or "".
std::string_view find_header(const http_headers& headers, std::string_view name);

/// A request to an upstream. Only `http` and `https` URLs are ever followed.
struct http_request {
  std::string method = "GET";
  std::string url;
  http_headers headers;
  std::string body;
  /// Path of a unix socket to connect to instead of the URL's host; "" for TCP.
  std::string unix_socket;
  /// From start to last byte, over all redirects.
  std::chrono::milliseconds timeout{30'000};
  std::chrono::milliseconds connect_timeout{5'000};
  /// The longest silence, from the start or between two chunks; 0 means no bound but `timeout`.
  std::chrono::milliseconds idle_timeout{0};
  /// A longer body ends the request with `errc::too_large`.
  uint64_t max_body_bytes = 4 * 1024 * 1024;
  /// 0: a redirect is handed back as the answer. Only GET and HEAD are followed. To another host
  /// only `Accept` and `User-Agent` go along.
  uint32_t max_redirects = 0;
  /// Connect to addresses of the public internet only, over all redirects: for URLs whose host a
  /// stranger named. Looked at after names are resolved, so that no name leads elsewhere.
  bool public_only = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, http_request& x) {
  return f(caf::meta::type_name("http_request"), x.method, x.url, x.headers, x.body, x.unix_socket,
           x.timeout, x.connect_timeout, x.idle_timeout, x.max_body_bytes, x.max_redirects,
           x.public_only);
}

/// What logs may show: method and URL without secrets. CAF renders messages by it too.
std::string to_string(const http_request& x);

/// An upstream's answer, whatever its status.
struct http_response {
  int32_t status = 0;
  http_headers headers;
  /// Empty for a streamed answer.
  std::string body;
  /// URL after redirects.
  std::string effective_url;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, http_response& x) {
  return f(caf::meta::type_name("http_response"), x.status, x.headers, x.body, x.effective_url);
}

/// What logs may show: status and length.
std::string to_string(const http_response& x);

}  // namespace bindery
