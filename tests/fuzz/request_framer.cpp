#include "http/request_framer.hpp"

#include <string>
#include <vector>

#include "target.hpp"

namespace bindery::fuzz {

namespace {

void check(const framed_request& request) {
  require(request.target.front() == '/', "a target is a path");
  for (char c : request.target) require(c > ' ' && c < 0x7f, "a target is printable ASCII");
  auto head_end = request.text.find("\r\n\r\n");
  require(head_end != std::string::npos, "a head has an end");
  auto head = std::string_view{request.text}.substr(0, head_end);
  require(head.starts_with(request.method + " " + request.target + " HTTP/1.1"),
          "the first line is method and target");
  size_t length = 0;
  while (!head.empty()) {
    auto line = take_until(head, "\r\n");
    require(line.find_first_of("\r\n") == std::string_view::npos, "no bare line ends");
    if (line.starts_with("Content-Length: ")) length = std::stoul(std::string{line.substr(16)});
  }
  require(request.text.size() == head_end + 4 + length, "the body is as long as is said");
}

/// What the framer makes of the bytes it has, up to the first fault.
void drain(request_framer& framer, std::vector<std::string>& seen) {
  while (seen.empty() || seen.back().front() != '!') {
    auto next = framer.next();
    if (auto* request = std::get_if<framed_request>(&next)) {
      check(*request);
      seen.push_back((request->keep_alive ? "+" : "-") + request->text);
    } else if (auto* fault = std::get_if<framing_fault>(&next)) {
      require(fault->status >= 400 && fault->status < 600, "a fault is an error");
      require_words(fault->reason);
      seen.push_back("!" + std::to_string(fault->status) + fault->reason);
    } else {
      return;
    }
  }
}

/// Bytes of one connection; the first one chooses the size of the pieces.
void run(std::string_view bytes) {
  if (bytes.empty()) return;
  framer_limits limits{2'000, 1'000};
  std::vector<std::string> whole, pieces;
  request_framer at_once{limits};
  at_once.append(bytes.substr(1));
  drain(at_once, whole);
  request_framer in_turn{limits};
  in_pieces(bytes, [&](std::string_view piece) {
    if (!pieces.empty() && pieces.back().front() == '!') return;
    in_turn.append(piece);
    drain(in_turn, pieces);
    in_turn.take_expectation();
  });
  require(whole == pieces, "the pieces in which bytes come make no difference");
}

const add_target added{"request_framer", run};

}  // namespace

}  // namespace bindery::fuzz
