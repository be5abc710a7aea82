#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include <caf/allowed_unsafe_message_type.hpp>

#include "http/request_framer.hpp"
#include "runtime/launch/event.hpp"
#include "runtime/launch/request.hpp"

/// What the HTTP actor and its workers tell each other; never leaves the process.
namespace bindery {

/// What of an answer's body is sent piece by piece, each when the client has taken the one before.
struct late_body {
  /// So many bytes at that offset, called on any worker's thread. Fewer end the connection.
  std::function<std::string(uint64_t offset, size_t bytes)> read;
  uint64_t offset = 0;  ///< of the next piece
  uint64_t end = 0;
};

/// A request for a worker.
struct http_call {
  uint64_t connection = 0;  ///< the HTTP actor's own number of it
  std::string peer;         ///< the connection's remote address
  framed_request request;
  /// Not a request: the next piece of this is wanted.
  std::optional<late_body> piece_of;
};

/// An answer, ready to be sent.
struct plain_answer {
  std::string bytes;
  bool close = false;
  std::optional<late_body> rest = std::nullopt;  ///< follows the bytes
};

/// The next piece of a late body; "" where it cannot be had.
struct piece_answer {
  std::string bytes;
};

/// Where a client lost its stream, from `Last-Event-ID`.
struct resume_point {
  std::string launch_id;
  uint64_t number = 0;
};

/// The connection becomes the event stream of a launch.
struct stream_answer {
  std::string head;
  launch_request launch;
  std::optional<resume_point> resume;
};

/// The connection becomes an event stream that says only this.
struct failure_answer {
  std::string head;
  stream_event failure;
};

/// The health actor is asked; `fields` are all but type and length.
struct health_answer {
  std::string fields;
  bool with_body = true;
  bool close = false;
};

using http_outcome =
    std::variant<plain_answer, stream_answer, failure_answer, health_answer, piece_answer>;

/// A worker's reply.
struct http_result {
  uint64_t connection = 0;
  http_outcome outcome;
};

}  // namespace bindery

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bindery::http_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bindery::http_result)
