#pragma once

#include <memory>

#include "tests/unit/actors/scripted_http.hpp"
#include "tests/unit/actors/virtual_time.hpp"

namespace bindery::test {

/// Virtual time, and upstreams that say what `http` is told to.
struct scripted_upstream : virtual_time {
  std::shared_ptr<scripted_http> http = std::make_shared<scripted_http>();
  http_client_actor client = spawn(scripted_http_client, http);

  /// Bytes of the newest stream.
  void stream_says(const std::string& bytes) {
    auto stream = http->streams.back();
    tell(stream.sink, chunk_atom::value, stream.ticket, bytes);
  }

  /// The newest stream ends with this answer.
  void stream_ends(http_response end) {
    auto stream = http->streams.back();
    tell(stream.sink, end_atom::value, stream.ticket, std::move(end));
  }

  /// The newest stream breaks.
  void stream_breaks(caf::error why) {
    auto stream = http->streams.back();
    tell(stream.sink, end_atom::value, stream.ticket, std::move(why));
  }
};

}  // namespace bindery::test
