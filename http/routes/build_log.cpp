#include <chrono>
#include <string>
#include <utility>

#include "http/accept.hpp"
#include "http/route.hpp"
#include "http/target.hpp"
#include "runtime/error.hpp"

/// `GET /build-log/<id>`: what a failed build said, for as long as it is kept. Browsers get a page
/// that shows it, everybody else, and who asks for `?raw`, the text.
namespace bindery {

namespace {

constexpr const char* text_type = "text/plain; charset=utf-8";
/// A longer log is read while it is sent.
constexpr size_t read_at_once_bytes = 256 * 1024;

/// An age in words: `14 days`.
std::string in_words(std::chrono::seconds age) {
  auto of = [&](int64_t unit, const char* name) {
    auto count = age.count() / unit;
    return std::to_string(count) + " " + name + (count == 1 ? "" : "s");
  };
  if (age.count() >= 2 * 86'400) return of(86'400, "day");
  return age.count() >= 2 * 3'600 ? of(3'600, "hour") : of(60, "minute");
}

/// Why there is no log, for people.
std::string reason_of(const build_log_store* logs, const caf::error& why) {
  if (logs == nullptr) return "Logs of failed builds are not kept here.";
  if (code_of(why) != errc::unresolvable_ref)
    return "This log cannot be read now. Try again in a minute.";
  return "This log is not there, or not any more. Logs of failed builds are kept for " +
         in_words(logs->bounds().age) +
         ", and the oldest go earlier where they take too much room. Launch again to see what the "
         "build says now.";
}

void answer_log_page(route_call& call, int status, page_words words) {
  call.response.status = status;
  words["title"] = title_of(call, "page.build_log_title");
  answer_page(call, "build_log.html", std::move(words));
  // As the log, but the page also goes when the log does.
  if (!call.shared.place.who_may) call.set("Cache-Control", "private, no-cache");
  call.set("X-Robots-Tag", "noindex");
}

}  // namespace

void serve_build_log(route_call& call) {
  constexpr std::string_view prefix = "/build-log/";
  const auto& place = call.shared.place;
  const auto& logs = place.build_logs;
  // The API-only mode has no pages, nor what they are made of.
  bool shows_pages = !place.api_only;
  bool as_page =
      shows_pages && !query_value(call.query, "raw") && prefers_html(call.all_values("Accept"));
  // The page's own script reads the text; pages hold what proves a request, so that no script that
  // cannot prove itself may read those.
  if (!let_in(call, as_page ? proof::needed : proof::needless)) return;
  if (shows_pages) call.response.headers.emplace("Vary", "Accept");
  std::string id{call.path.substr(prefix.size())};
  if (!logs)
    return as_page ? answer_log_page(call, 404, {{"reason", reason_of(nullptr, {})}})
                   : serve_not_found(call);
  auto log = logs->read(id, 0, as_page ? 0 : read_at_once_bytes);
  if (!log) {
    auto status = code_of(log.error()) == errc::unresolvable_ref ? 404 : 503;
    if (as_page)
      return answer_log_page(call, status, {{"reason", reason_of(logs.get(), log.error())}});
    call.response.status = status;
    call.response.set_content(describe(log.error()) + "\n", text_type);
    return;
  }
  if (as_page)
    return answer_log_page(call, 200, {{"log_url", place.base_url + "build-log/" + id + "?raw"}});
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
