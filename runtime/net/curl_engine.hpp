#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "runtime/net/http_message.hpp"

namespace bindery {

/// What happens to a request. All run on the engine's thread and must be quick and not block; they
/// may call `submit` and `cancel`. An exception ends the request with `errc::internal`.
struct http_callbacks {
  /// Optional. Status and headers of the final answer, before its body.
  std::function<void(const http_response&)> on_head;
  /// Optional. Where set, the body of a 2xx answer goes here piece by piece, in order, and
  /// `http_response::body` stays empty. Other answers keep their body.
  std::function<void(std::string_view)> on_chunk;
  /// Required. Called exactly once and last. Errors: unreachable, timeout, too_large, bad_answer,
  /// bad_request, cancelled, shutting_down.
  std::function<void(caf::expected<http_response>)> on_done;
};

struct curl_engine_options {
  /// Requests under way at once; `submit` refuses more.
  size_t max_requests = 4'096;
  /// Status line and header fields of one answer.
  size_t max_header_bytes = 64 * 1024;
  /// Connections kept open for reuse.
  size_t max_idle_connections = 64;
  /// Connections to one host at once; 0 for no bound but `max_requests`. Further requests wait
  /// within their own deadline.
  size_t max_host_connections = 0;
  /// File of trusted certificates; "" for `SSL_CERT_FILE`, and without it the machine's own.
  std::string ca_file;
};

/// The process's way to upstreams: any number of HTTP requests on one thread, over connections that
/// are reused, HTTP/2 where a TLS upstream offers it. Only `http` and `https` are ever spoken, also
/// across redirects. Proxies are taken from the environment, except for unix sockets and loopback.
/// All members may be called from any thread.
class curl_engine {
 public:
  /// Throws `std::system_error` where the machine has no descriptors or threads left.
  explicit curl_engine(curl_engine_options options = {});

  /// Ends every request with `errc::shutting_down` and waits for the thread.
  ~curl_engine();

  curl_engine(const curl_engine&) = delete;
  curl_engine& operator=(const curl_engine&) = delete;

  /// Starts a request and returns its ticket, never 0. `on_done` may run before this returns.
  /// Errors (then no callback runs): too_many_requests, shutting_down.
  caf::expected<uint64_t> submit(http_request request, http_callbacks callbacks);

  /// Ends a request with `errc::cancelled`. Unknown and finished tickets are ignored.
  void cancel(uint64_t ticket);

  /// Requests without an `on_done` yet.
  size_t under_way() const;

 private:
  class loop;
  std::shared_ptr<loop> loop_;
};

}  // namespace bindery
