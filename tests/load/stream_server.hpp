#pragma once

#include <cstdint>
#include <memory>

#include <caf/actor_system.hpp>

#include "actors/node.hpp"
#include "http/http_server.hpp"

namespace bindery::test {

/// An HTTP server on a free port of loopback, whose desk answers every launch with some events of
/// an ongoing build.
class stream_server {
 public:
  stream_server(http_options options, uint32_t events);
  ~stream_server();
  stream_server(const stream_server&) = delete;

  http_server& server() { return *server_; }

 private:
  node_config config_;
  caf::actor_system system_{config_};
  launch_desk_actor desk_;
  health_actor health_;
  std::unique_ptr<http_server> server_;
};

}  // namespace bindery::test
