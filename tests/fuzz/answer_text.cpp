#include "answer_text.hpp"

#include <charconv>
#include <string>

#include "target.hpp"

namespace bindery::fuzz {

http_response read_answer(std::string_view text) {
  http_response answer;
  auto status = take_until(text, "\n");
  std::from_chars(status.data(), status.data() + status.size(), answer.status);
  while (!text.empty()) {
    auto line = take_until(text, "\n");
    if (line.empty()) break;
    auto name = take_until(line, ": ");
    answer.headers.emplace_back(name, line);
  }
  answer.body = text;
  return answer;
}

}  // namespace bindery::fuzz
