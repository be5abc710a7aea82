#include "runtime/net/answer_intake.hpp"

#include <charconv>
#include <string>

#include "runtime/error.hpp"

namespace bindery {

namespace {

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

caf::error answer_intake::add_header_line(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > max_header_bytes_)
    return make_error(errc::too_large, "the answer's headers are longer than " +
                                           std::to_string(max_header_bytes_) + " bytes");
  if (head_complete_) return {};
  if (line.rfind("HTTP/", 0) == 0) {
    // Also after an interim answer: only the last one counts.
    response_.headers.clear();
    response_.status = 0;
    auto space = line.find(' ');
    if (space == std::string_view::npos) return {};
    auto digits = trimmed(line.substr(space));
    std::from_chars(digits.data(), digits.data() + digits.size(), response_.status);
    return {};
  }
  auto text = trimmed(line);
  if (text.empty()) {
    head_complete_ = response_.status >= 200;
    return {};
  }
  if (line.front() == ' ' || line.front() == '\t') return {};  // a folded field's further lines
  auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  response_.headers.emplace_back(trimmed(text.substr(0, colon)), trimmed(text.substr(colon + 1)));
  return {};
}

caf::error answer_intake::add_body(std::string_view bytes, bool keep) {
  body_bytes_ += bytes.size();
  if (body_bytes_ > max_body_bytes_)
    return make_error(errc::too_large,
                      "the answer is longer than " + std::to_string(max_body_bytes_) + " bytes");
  if (keep) response_.body.append(bytes);
  return {};
}

}  // namespace bindery
