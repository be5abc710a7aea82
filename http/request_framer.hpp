#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bindery {

/// Bounds on what one request may hold.
struct framer_limits {
  /// Request line and header fields together; more is answered 431.
  size_t header_bytes = 16 * 1024;
  /// More is answered 413.
  size_t body_bytes = 64 * 1024;
};

/// One whole request, checked and rewritten into the plainest form of the same meaning.
struct framed_request {
  std::string method;
  /// Origin form as the client sent it, still percent-escaped: `/path?query`.
  std::string target;
  /// The connection may carry another request after this one.
  bool keep_alive = true;
  /// `Accept-Encoding`, all fields joined by commas.
  std::string accept_encoding;
  /// The client understands an answer of unknown length that is sent in chunks (HTTP/1.1).
  bool takes_chunks = true;
  /// Request line, header fields and body for the router's parser. Left out: `Connection`,
  /// `Expect`, `Range`, `If-Range` (we serve whole bodies), `Accept-Encoding` (lest the router's
  /// library codes bodies its own way).
  std::string text;
  /// Fields that the router's parser would refuse for their length, as they were sent; with them
  /// all of the same name, in their order.
  std::vector<std::pair<std::string, std::string>> long_fields;
};

/// Why a connection's bytes are not a request; the connection must be closed after the answer.
struct framing_fault {
  int status = 400;
  std::string reason;
};

/// More bytes are needed.
struct incomplete {};

/// Cuts the bytes of one connection into requests (RFC 9112), whatever pieces they come in.
/// Refuses everything that two readers might understand differently.
class request_framer {
 public:
  explicit request_framer(framer_limits limits = {}) : limits_(limits) {}

  /// Takes the next bytes of the connection.
  void append(std::string_view bytes) { buffer_.append(bytes); }

  /// The next request. After a fault the framer must not be used again.
  std::variant<incomplete, framed_request, framing_fault> next();

  /// True once for a request whose client waits for `100 Continue` before it sends the body.
  bool take_expectation();

  /// No byte of a further request is here.
  bool idle() const { return buffer_.empty(); }
  size_t buffered_bytes() const { return buffer_.size(); }

  /// Gives the memory back; nothing more will be read.
  void release() { buffer_ = std::string{}; }

 private:
  struct head {
    framed_request request;
    size_t body_bytes = 0;
    bool expects_continue = false;
  };
  /// Checks bytes not looked at so far. True when the head is complete.
  bool scan(framing_fault& fault);
  std::variant<head, framing_fault> parse_head() const;

  framer_limits limits_;
  std::string buffer_;
  size_t scanned_ = 0;           ///< bytes of the head that were checked
  size_t head_end_ = 0;          ///< length of the head with its empty line; 0 while unknown
  std::optional<head> pending_;  ///< read already, its body is not complete
  bool told_to_continue_ = false;
  bool expectation_ = false;
};

}  // namespace bindery
