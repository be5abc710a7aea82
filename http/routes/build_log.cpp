#include "http/route.hpp"
#include "runtime/error.hpp"

/// `GET /build-log/<id>`: what a failed build said, for as long as it is kept.
namespace bindery {

namespace {

constexpr const char* text_type = "text/plain; charset=utf-8";
/// A longer log is read while it is sent.
constexpr size_t read_at_once_bytes = 256 * 1024;

}  // namespace

void serve_build_log(route_call& call) {
  constexpr std::string_view prefix = "/build-log/";
  const auto& logs = call.shared.place.build_logs;
  if (!logs) return serve_not_found(call);
  std::string id{call.path.substr(prefix.size())};
  auto log = logs->read(id, 0, read_at_once_bytes);
  if (!log) {
    call.response.status = code_of(log.error()) == errc::unresolvable_ref ? 404 : 503;
    call.response.set_content(describe(log.error()) + "\n", text_type);
    return;
  }
  // The id is all that keeps strangers out: no search engine and no shared cache shall have it.
  call.set("Cache-Control", "private, max-age=3600");
  call.set("X-Robots-Tag", "noindex");
  if (log->total_bytes <= read_at_once_bytes) {
    call.response.set_content(log->text, text_type);
    return;
  }
  auto read = [logs, id](uint64_t offset, size_t bytes) {
    auto piece = logs->read(id, offset, bytes);
    return piece ? std::move(piece->text) : std::string{};
  };
  answer_later(call, text_type, {read, 0, log->total_bytes});
}

}  // namespace bindery
