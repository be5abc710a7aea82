#include "runtime/net/public_sockets.hpp"

#include <cstdlib>
#include <initializer_list>
#include <sys/socket.h>

#include "runtime/net/public_address.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

/// By the variables that libcurl reads.
bool has_proxy(const std::string& url) {
  auto is_set = [](std::initializer_list<const char*> names) {
    for (const auto* name : names)
      if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return true;
    return false;
  };
  if (is_loopback(url)) return false;
  bool is_https = url.compare(0, 6, "https:") == 0;
  return is_set({"all_proxy", "ALL_PROXY"}) ||
         (is_https ? is_set({"https_proxy", "HTTPS_PROXY"}) : is_set({"http_proxy"}));
}

}  // namespace

void public_sockets::guard(CURL* easy, const std::string& url) {
  refused_ = false;
  if (has_proxy(url)) {
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    return;
  }
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &look);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
}

curl_socket_t public_sockets::open(void* self, curlsocktype, curl_sockaddr* address) noexcept {
  if (is_public_address(&address->addr, address->addrlen))
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  static_cast<public_sockets*>(self)->refused_ = true;
  return CURL_SOCKET_BAD;
}

int public_sockets::look(void* self, char* address, char*, int, int) noexcept {
  try {
    if (is_public_address(std::string{address})) return CURL_PREREQFUNC_OK;
  } catch (...) {
    // No memory for a text: not allowed either.
  }
  static_cast<public_sockets*>(self)->refused_ = true;
  return CURL_PREREQFUNC_ABORT;
}

}  // namespace bindery
