#pragma once

#include <string>

#include <curl/curl.h>

namespace bindery {

/// Keeps the connections of a request to addresses of the public internet. The address itself is
/// looked at, when a socket is opened and before a kept connection is used again: whatever a name
/// resolved to a moment ago, and whoever opened the connection, no request goes elsewhere.
///
/// Where the environment names a proxy for the URL's scheme, it is the proxy that resolves and
/// connects, also for hosts of `no_proxy`: then the proxy must refuse private addresses.
class public_sockets {
 public:
  /// Applies to the next transfer of `easy`, to `url`. This object must outlive that transfer.
  void guard(CURL* easy, const std::string& url);

  /// A private address was refused. The transfer may have found a public one all the same.
  bool refused() const { return refused_; }

 private:
  static curl_socket_t open(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;
  static int look(void* self, char* address, char* local_address, int port,
                  int local_port) noexcept;

  bool refused_ = false;
};

}  // namespace bindery
