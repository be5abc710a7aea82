#pragma once

#include <cstdint>
#include <string>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/expected.hpp>
#include <caf/fwd.hpp>

#include "http/options.hpp"
#include "http/site.hpp"

namespace bindery {

/// What the HTTP actor holds and did, for metrics and tests.
struct http_counts {
  uint64_t connections = 0;    ///< open now, event streams included
  uint64_t event_streams = 0;  ///< open now
  uint64_t accepted = 0;       ///< since the start
  uint64_t refused = 0;        ///< answered 503 because there were too many
  uint64_t slow_readers = 0;   ///< dropped for not taking what was sent
};

/// A running HTTP actor.
class http_server {
 public:
  http_server(caf::actor_system& system, caf::actor actor, std::string host, uint16_t port);
  http_server(http_server&&) noexcept = default;
  http_server& operator=(http_server&& other) noexcept;
  /// Stops it.
  ~http_server();

  const std::string& host() const { return host_; }
  /// The port that was bound.
  uint16_t port() const { return port_; }
  /// Ends with an exit reason or an error where it dies, without one when it is stopped; monitor
  /// it.
  const caf::actor& actor() const { return actor_; }
  /// Asks the actor; waits for up to five seconds.
  caf::expected<http_counts> counts() const;
  /// Closes every connection and the port; waits for up to five seconds. Twice is fine.
  void stop();

 private:
  caf::actor_system* system_;
  caf::actor actor_;
  std::string host_;
  uint16_t port_;
};

/// Starts the HTTP actor and its workers. The system must have the middleman loaded.
/// Fails with `io_failed`, naming host and port, where it cannot listen; with `bad_settings` where
/// `place` cannot be served.
caf::expected<http_server> start_http(caf::actor_system& system, http_options options, site place);

}  // namespace bindery

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bindery::http_counts)
