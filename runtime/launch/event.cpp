#include "runtime/launch/event.hpp"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace bindery {

namespace {

constexpr std::array<std::string_view, 9> words = {"waiting", "fetching", "building",
                                                   "pushing", "built",    "launching",
                                                   "ready",   "failed",   "unknown"};

}  // namespace

std::string to_string(phase value) {
  return std::string{
      words[static_cast<size_t>(value) < words.size() ? static_cast<size_t>(value)
                                                      : static_cast<size_t>(phase::unknown)]};
}

phase phase_from(std::string_view word) {
  for (size_t i = 0; i < words.size(); ++i)
    if (words[i] == word) return static_cast<phase>(i);
  return phase::unknown;
}

stream_event make_event(phase what, std::string_view message) {
  return make_event(what, message, nlohmann::json::object());
}

stream_event make_event(phase what, std::string_view message, nlohmann::json extra) {
  std::string text{message};
  if (text.empty() || text.back() != '\n') text += '\n';
  extra["phase"] = to_string(what);
  extra["message"] = std::move(text);
  return {0, what, extra.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

stream_event make_failure(std::string_view message, int status_code) {
  auto extra = nlohmann::json::object();
  if (status_code != 0) extra["status_code"] = status_code;
  return make_event(phase::failed, message, std::move(extra));
}

}  // namespace bindery
