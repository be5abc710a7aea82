#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include <caf/allowed_unsafe_message_type.hpp>

#include "http/request_framer.hpp"
#include "runtime/launch/event.hpp"
#include "runtime/launch/request.hpp"

/// What the HTTP actor and its workers tell each other; never leaves the process.
namespace bindery {

/// A request for a worker.
struct http_call {
  uint64_t connection = 0;  ///< the HTTP actor's own number of it
  std::string peer;         ///< the connection's remote address
  framed_request request;
};

/// An answer, ready to be sent.
struct plain_answer {
  std::string bytes;
  bool close = false;
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

/// The health actor is asked; `head` lacks status line and length.
struct health_answer {
  std::string fields;
  bool with_body = true;
  bool close = false;
};

using http_outcome = std::variant<plain_answer, stream_answer, failure_answer, health_answer>;

/// A worker's reply.
struct http_result {
  uint64_t connection = 0;
  http_outcome outcome;
};

}  // namespace bindery

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bindery::http_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bindery::http_result)
