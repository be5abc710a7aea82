#include "runtime/net/curl_fault.hpp"

#include <algorithm>
#include <system_error>

#include "runtime/error.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

std::string lower_first(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

std::string connect_words(const http_request& request, long os_errno) {
  auto where = request.unix_socket.empty() ? "" : " at socket " + request.unix_socket;
  if (os_errno == 0) return "no connection could be made" + where;
  return lower_first(std::generic_category().message(static_cast<int>(os_errno))) + where;
}

}  // namespace

std::string shown_duration(std::chrono::milliseconds time) {
  auto count = time.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

std::string shown_request(const http_request& request) {
  return request.method + " " + shown_url(request.url);
}

caf::error curl_fault(const http_request& request, CURLcode code, long os_errno, bool connected,
                      const std::string& detail) {
  auto fail = [&](errc kind, const std::string& why) {
    return make_error(kind, shown_request(request) + ": " + why);
  };
  switch (code) {
    case CURLE_URL_MALFORMAT:
      return fail(errc::bad_request, "this is no URL that can be asked");
    case CURLE_UNSUPPORTED_PROTOCOL:
      // Also libcurl's code for an answer without a status line.
      return connected ? fail(errc::bad_answer, "the answer is not HTTP")
                       : fail(errc::bad_request, "only http and https URLs are asked");
    case CURLE_LOGIN_DENIED:
      return fail(errc::bad_request, "credentials may not be part of a URL");
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return fail(errc::unreachable, "the host name was not found");
    case CURLE_COULDNT_CONNECT:
      return fail(errc::unreachable, connect_words(request, os_errno));
    case CURLE_OPERATION_TIMEDOUT:
      return connected
                 ? fail(errc::timeout, "no whole answer within " + shown_duration(request.timeout))
                 : fail(errc::unreachable,
                        "no connection within " +
                            shown_duration(std::min(request.connect_timeout, request.timeout)));
    case CURLE_GOT_NOTHING:
      return fail(errc::unreachable, "the connection was closed without an answer");
    case CURLE_PARTIAL_FILE:
      return fail(errc::unreachable, "the connection was closed in the middle of the answer");
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      if (os_errno != 0) return fail(errc::unreachable, connect_words({}, os_errno));
      return fail(errc::bad_answer,
                  detail.empty() ? "the answer cannot be read" : lower_first(detail));
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return fail(errc::unreachable, "no trusted TLS connection: " + detail);
    case CURLE_OUT_OF_MEMORY:
      return fail(errc::internal, "out of memory");
    default:
      return fail(errc::bad_answer,
                  lower_first(detail.empty() ? std::string{curl_easy_strerror(code)} : detail));
  }
}

}  // namespace bindery
