#include <string>
#include <vector>

#include "runtime/error.hpp"
#include "runtime/hub/progress.hpp"
#include "runtime/net/event_stream_decoder.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

constexpr size_t max_event_bytes = 300;

void feed(event_stream_decoder& decoder, std::string_view bytes, std::vector<std::string>& seen) {
  auto events = decoder.feed(bytes);
  if (!events) {
    require(code_of(events.error()) == errc::too_large, "only length is refused");
    return;
  }
  for (auto& event : *events) {
    require(event.size() <= max_event_bytes, "an event is bounded");
    seen.push_back(std::move(event));
  }
}

void check_progress(const std::string& data) {
  auto progress = decode_progress(data);
  if (!progress) return require_words(describe(progress.error()));
  require(progress->percent <= 100, "a percentage is one");
  require(!(progress->ready && progress->failed), "a server is not both ready and failed");
  require(progress->ready || progress->url.empty(), "only a ready server has an address");
}

/// JupyterHub's progress stream; the first byte chooses the size of the pieces.
void run(std::string_view bytes) {
  if (bytes.empty()) return;
  std::vector<std::string> whole, pieces;
  event_stream_decoder in_turn{max_event_bytes};
  in_pieces(bytes, [&](std::string_view piece) { feed(in_turn, piece, pieces); });
  event_stream_decoder at_once{max_event_bytes};
  feed(at_once, bytes.substr(1), whole);
  // Whoever is told of an overlong event is not told what came before it in the same piece.
  require(whole.empty() || whole == pieces, "the pieces in which bytes come make no difference");
  for (const auto& data : pieces) check_progress(data);
}

const add_target added{"event_stream", run};

}  // namespace

}  // namespace bindery::fuzz
