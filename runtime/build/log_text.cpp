#include "runtime/build/log_text.hpp"

#include <chrono>

#include <nlohmann/json.hpp>

#include "runtime/build/trace.hpp"
#include "runtime/net/url.hpp"
#include "runtime/text/timestamp.hpp"

namespace bindery {

namespace {

constexpr const char* id_field = "build_log";

std::string text_of(const stream_event& event, const char* field) {
  auto parsed = nlohmann::json::parse(event.json, nullptr, false);
  return parsed.is_object() && parsed.contains(field) && parsed[field].is_string()
             ? parsed[field].get<std::string>()
             : std::string{};
}

}  // namespace

std::string build_log_text(const build_request& request, const std::deque<stream_event>& said,
                           const stream_event& failure) {
  auto text = "Build of " + shown_url(request.repo_url) + " at " + request.ref +
              "\nImage:  " + request.image_name +
              "\nEnded:  " + utc_milliseconds(std::chrono::system_clock::now()) +
              "\nFailed: " + plain_text(text_of(failure, "message")) + "\n";
  if (!said.empty() && said.front().number > 1)
    text += "[" + std::to_string(said.front().number - 1) + " earlier lines are left out]\n";
  for (const auto& event : said) text += plain_text(text_of(event, "message"));
  return text;
}

stream_event with_build_log(stream_event failure, const std::string& id) {
  auto parsed = nlohmann::json::parse(failure.json, nullptr, false);
  if (!parsed.is_object()) return failure;
  parsed[id_field] = id;
  failure.json = parsed.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return failure;
}

std::string build_log_of(const stream_event& failure) {
  return text_of(failure, id_field);
}

}  // namespace bindery
