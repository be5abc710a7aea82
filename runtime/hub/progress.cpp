#include "runtime/hub/progress.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"

namespace bindery {

namespace {

using nlohmann::json;

std::string text_of(const json& event, const char* key) {
  auto i = event.find(key);
  return i != event.end() && i->is_string() ? i->get<std::string>() : std::string{};
}

bool flag_of(const json& event, const char* key) {
  auto i = event.find(key);
  return i != event.end() && i->is_boolean() && i->get<bool>();
}

uint32_t percent_of(const json& event) {
  auto i = event.find("progress");
  if (i == event.end() || !i->is_number()) return 0;
  // Comparing first keeps numbers that no integer holds from being converted.
  auto value = i->get<double>();
  return value > 0 ? static_cast<uint32_t>(std::min(value, 100.0)) : 0;
}

}  // namespace

caf::expected<hub_progress> decode_progress(std::string_view data) {
  auto event = json::parse(data, nullptr, false);
  if (!event.is_object())
    return make_error(errc::bad_answer, "JupyterHub sent a progress event that is no JSON object");
  hub_progress progress;
  progress.percent = percent_of(event);
  progress.message = text_of(event, "message");
  progress.failed = flag_of(event, "failed");
  progress.ready = flag_of(event, "ready") && !progress.failed;
  if (progress.ready) progress.url = text_of(event, "url");
  return progress;
}

}  // namespace bindery
