#include "runtime/net/http_message.hpp"

#include <strings.h>

#include "runtime/net/url.hpp"

namespace bindery {

std::string_view find_header(const http_headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0)
      return value;
  return {};
}

std::string to_string(const http_request& x) {
  return "http_request(" + x.method + " " + shown_url(x.url) + ")";
}

std::string to_string(const http_response& x) {
  return "http_response(" + std::to_string(x.status) + ", " + std::to_string(x.body.size()) +
         " bytes)";
}

}  // namespace bindery
