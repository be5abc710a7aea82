#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <caf/error.hpp>

#include "runtime/net/http_message.hpp"

namespace bindery {

/// Takes in one answer, header line by header line and piece by piece, within its bounds.
class answer_intake {
 public:
  /// `max_header_bytes` bounds all header lines together, also those of interim answers (1xx).
  answer_intake(size_t max_header_bytes, uint64_t max_body_bytes)
      : max_header_bytes_(max_header_bytes), max_body_bytes_(max_body_bytes) {}

  /// One line with its end. Errors: too_large.
  caf::error add_header_line(std::string_view line);

  /// The next piece of the body, which is kept only where `keep` says so. Errors: too_large.
  caf::error add_body(std::string_view bytes, bool keep);

  /// Status and headers of the final answer are there. Header lines after it are trailers and
  /// count, but are not kept.
  bool head_complete() const { return head_complete_; }

  http_response& response() { return response_; }
  const http_response& response() const { return response_; }

 private:
  size_t max_header_bytes_;
  uint64_t max_body_bytes_;
  http_response response_;
  size_t header_bytes_ = 0;
  uint64_t body_bytes_ = 0;
  bool head_complete_ = false;
};

}  // namespace bindery
