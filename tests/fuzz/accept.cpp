#include "http/accept.hpp"

#include "target.hpp"

namespace bindery::fuzz {

namespace {

/// An `Accept` field.
void run(std::string_view bytes) {
  auto lower = std::string{bytes};
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  if (names_event_stream(bytes))
    require(lower.find("text/event-stream") != std::string::npos, "a wildcard is not enough");
  if (prefers_html(bytes))
    require(lower.find("text/html") != std::string::npos, "a page goes to who names it");
}

const add_target added{"accept", run};

}  // namespace

}  // namespace bindery::fuzz
