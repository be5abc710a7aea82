#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "http/request_framer.hpp"

namespace bindery {

/// Where the HTTP actor listens and what it lets a client use.
struct http_options {
  /// Name or address to listen on; "" for every address.
  std::string host = "0.0.0.0";
  /// 0 picks a free one.
  uint16_t port = 8585;
  /// Threads that run routes; no route blocks.
  size_t workers = 2;

  /// Open connections, event streams included; 0 derives it from the limit on open files (see
  /// `connection_cap`). One more is answered 503 and closed.
  size_t max_connections = 0;
  /// Event streams among them; one more is told `failed`.
  size_t max_event_streams = 16'000;
  framer_limits framer;
  /// Unsent bytes of one connection; a slower reader is dropped.
  size_t max_unsent_bytes = 256 * 1024;
  /// An event stream is sent so much and one event more, the rest when its client has taken that.
  /// Far less than `max_unsent_bytes`.
  size_t stream_portion_bytes = 64 * 1024;

  /// From a request's first byte (or the connection's start) to its last; then 408.
  std::chrono::milliseconds header_timeout{10'000};
  /// A connection without a request.
  std::chrono::milliseconds idle_timeout{60'000};
  /// An answer that another actor gives; then 503.
  std::chrono::milliseconds deferred_timeout{20'000};
  /// How long a closing connection may take to accept what it is still sent.
  std::chrono::milliseconds closing_timeout{3'000};
  /// Sent bytes that stay unacknowledged for so long end the connection (`TCP_USER_TIMEOUT`).
  std::chrono::milliseconds unacknowledged_timeout{30'000};
  /// How long an event stream's client may take for a portion while more is to come; a slower
  /// reader is dropped. Less than `unacknowledged_timeout`, so that it is counted.
  std::chrono::milliseconds slow_reader_timeout{20'000};
  /// How often deadlines are looked at: their precision.
  std::chrono::milliseconds tick{500};

  /// A comment on every event stream so often, lest proxies close it.
  std::chrono::milliseconds keepalive_interval{25'000};
  /// How long an event stream stays open after `ready`, lest clients reconnect and launch again.
  std::chrono::milliseconds stream_linger{60'000};
  /// How long an ended launch can be joined by a client that lost its connection. Less than the
  /// desk's `keep_ended`; see `rejoin_window_of`.
  std::chrono::milliseconds rejoin_window{50'000};
  /// How long a launch that nobody watches any more can be joined. Less than the desk's
  /// `rejoin_grace`.
  std::chrono::milliseconds return_window{7'000};
};

/// Connections that fit beside the other open files under the process's limit, which is
/// raised to what the system allows. A wish above that is cut; 0 asks for all of it.
size_t connection_cap(size_t wished);

}  // namespace bindery
