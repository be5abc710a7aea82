#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace bindery::test {

/// What the connections of a swarm were told.
struct swarm_report {
  uint32_t streaming = 0;  ///< an event stream with at least `events` events
  uint32_t failed = 0;     ///< an event stream that said `failed`
  uint32_t refused = 0;    ///< 503 with `Retry-After`
  uint32_t broken = 0;     ///< anything else: not connected, reset, closed without a word
};

/// Many clients in one child process, so that their files do not count against the server's limit.
/// Fork it before the first thread starts.
class swarm {
 public:
  /// Each of `connections` asks for a launch and waits for `events` events.
  swarm(uint32_t connections, uint32_t events);
  swarm(const swarm&) = delete;
  /// Ends the child.
  ~swarm();

  /// Lets the child connect; returns at once.
  void go(uint16_t port);
  /// Waits until every connection was told something, for up to `seconds`. All stay open.
  swarm_report await(int seconds);

 private:
  pid_t child_ = -1;
  int to_child_ = -1;
  int from_child_ = -1;
};

}  // namespace bindery::test
