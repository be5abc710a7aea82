#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

#include "actors/interfaces.hpp"
#include "http/request_framer.hpp"
#include "runtime/hub/identity.hpp"
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

/// What the hub said about the login that a request carries.
struct login_word {
  caf::error why;   ///< empty where `login` is to be used
  hub_login login;  ///< the token only where a code was traded for it
};

/// What a service actor said to the question of a route.
using service_word = std::variant<caf::error, launch_estimate, repository_preview>;

/// A request for a worker.
struct http_call {
  uint64_t connection = 0;  ///< the HTTP actor's own number of it
  std::string peer;         ///< the connection's remote address
  framed_request request;
  /// Not a request: the next piece of this is wanted.
  std::optional<late_body> piece_of = std::nullopt;
  /// Where this request was with a worker before, which answered with a `login_question`.
  std::optional<login_word> login = std::nullopt;
  /// Where a worker answered this request with a question to a service actor.
  std::optional<service_word> word = std::nullopt;
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
  std::string head;      ///< complete; further fields go before its empty line
  bool chunked = false;  ///< as `head` says; the events are to be sent in chunks
  launch_request launch;
  std::optional<resume_point> resume;
  bool counted = false;  ///< against the client's rate limit, where it is a new launch
  /// Why there is nothing to be launched; the client may only join again what it had.
  std::optional<stream_event> refusal = std::nullopt;
};

/// The connection becomes an event stream that says only this.
struct failure_answer {
  std::string head;
  bool chunked = false;
  stream_event failure;
};

/// The health actor is asked; `fields` are all but type and length.
struct health_answer {
  std::string fields;
  bool with_body = true;
  bool close = false;
};

/// The login actor is asked, then a worker takes the same request again with what it said.
struct login_question {
  http_call call;
  std::string token;    ///< whose is it?
  std::string session;  ///< the browser's session at the hub; "" where it has none
  std::string code;     ///< to be traded for a token, in place of the question above; "" for none
};

/// A service actor is asked, then a worker takes the same request again with its word.
struct estimate_question {
  http_call call;
  launch_history_actor history;
  std::string repository;
};
struct preview_question {
  http_call call;
  previews_actor previews;
  std::string provider;  ///< prefix
  std::string spec;
};

using http_outcome =
    std::variant<plain_answer, stream_answer, failure_answer, health_answer, piece_answer,
                 login_question, estimate_question, preview_question>;

/// A worker's reply.
struct http_result {
  uint64_t connection = 0;
  http_outcome outcome;
};

}  // namespace bindery

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bindery::http_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bindery::http_result)
