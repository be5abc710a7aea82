#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>

#include "actors/node.hpp"
#include "http/http_server.hpp"

namespace bindery::test {

/// What a launch desk was asked, for tests to wait on.
class desk_record {
 public:
  struct entry {
    launch_request launch;
    launch_sink_actor sink;
    bool left = false;
  };
  void add(entry what);
  /// The asking number `index` (from 0), launches and leaves in order. Fails the test after 20 s.
  entry await(size_t index);
  size_t size() const;
  void clear();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<entry> entries_;
};

/// An HTTP server on a free port of loopback, with a desk that only takes notes.
struct http_world {
  explicit http_world(http_options options = quick(), std::function<void(site&)> change = {});
  ~http_world();
  http_world(const http_world&) = delete;

  /// Options for tests: loopback, a free port, a fine tick.
  static http_options quick();
  /// Sends an event of a launch as a desk does.
  void tell(const desk_record::entry& to, uint64_t number, phase what, const std::string& message);
  http_counts counts() const;
  /// Waits until the counts are as wished. Fails the test after 20 s.
  http_counts await_counts(const std::function<bool(const http_counts&)>& wished) const;
  uint16_t port() const { return server->port(); }

  node_config config;
  std::unique_ptr<caf::actor_system> system;
  std::shared_ptr<desk_record> asked = std::make_shared<desk_record>();
  /// What the health actor answers; it never answers while `health_hangs`.
  std::shared_ptr<std::atomic<bool>> healthy = std::make_shared<std::atomic<bool>>(true);
  std::shared_ptr<std::atomic<bool>> health_hangs = std::make_shared<std::atomic<bool>>(false);
  launch_desk_actor desk;
  health_actor health;
  std::unique_ptr<http_server> server;
};

}  // namespace bindery::test
