#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

namespace bindery {

/// Reads server-sent events (WHATWG HTML, section 9.2) from pieces of any size. Only `data` matters
/// here; comments, other fields and an event cut off by the end of the stream are passed over.
class event_stream_decoder {
 public:
  /// `max_event_bytes` bounds one event and one line.
  explicit event_stream_decoder(size_t max_event_bytes = 256 * 1024);

  /// The data of each event that `bytes` completes; lines of one event are joined by `\n`.
  /// Errors: too_large, after which the decoder takes nothing more.
  caf::expected<std::vector<std::string>> feed(std::string_view bytes);

 private:
  void end_line(std::vector<std::string>& events);

  size_t max_event_bytes_;
  std::string line_;
  std::string data_;
  bool has_data_ = false;
  bool after_return_ = false;
  bool first_line_ = true;
  bool broken_ = false;
};

}  // namespace bindery
