#include "runtime/net/event_stream_decoder.hpp"

#include <utility>

#include "runtime/error.hpp"

namespace bindery {

event_stream_decoder::event_stream_decoder(size_t max_event_bytes)
    : max_event_bytes_(max_event_bytes) {}

caf::expected<std::vector<std::string>> event_stream_decoder::feed(std::string_view bytes) {
  std::vector<std::string> events;
  while (!broken_ && !bytes.empty()) {
    if (std::exchange(after_return_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    auto end = bytes.find_first_of("\r\n");
    auto part = bytes.substr(0, end);
    if (line_.size() + part.size() + data_.size() > max_event_bytes_) {
      broken_ = true;
      break;
    }
    line_ += part;
    if (end == std::string_view::npos) break;
    after_return_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    end_line(events);
  }
  if (broken_)
    return make_error(errc::too_large, "An event of the stream is longer than " +
                                           std::to_string(max_event_bytes_) + " bytes");
  return events;
}

void event_stream_decoder::end_line(std::vector<std::string>& events) {
  auto line = std::exchange(line_, {});
  if (std::exchange(first_line_, false) && line.rfind("\xef\xbb\xbf", 0) == 0) line.erase(0, 3);
  if (line.empty()) {
    if (has_data_) events.push_back(std::exchange(data_, {}));
    has_data_ = false;
    return;
  }
  auto colon = line.find(':');
  if (line.substr(0, colon) != "data") return;
  if (std::exchange(has_data_, true)) data_ += '\n';
  if (colon == std::string::npos) return;
  auto value = std::string_view{line}.substr(colon + 1);
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  data_ += value;
}

}  // namespace bindery
