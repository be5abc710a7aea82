#include "runtime/net/json_message.hpp"

#include <nlohmann/json.hpp>

namespace bindery {

namespace {

constexpr size_t max_message_bytes = 300;

std::string on_one_line(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  while (!text.empty() && text.back() == ' ') text.pop_back();
  if (text.size() > max_message_bytes) {
    auto end = max_message_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text.resize(end);
    text += "...";
  }
  return text;
}

}  // namespace

std::string json_message(std::string_view body, std::initializer_list<const char*> keys) {
  // Parsing refuses invalid UTF-8, so what comes out is valid.
  auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return {};
  for (const auto* key : keys) {
    nlohmann::json::json_pointer path{std::string{"/"} + key};
    if (!json.contains(path)) continue;
    const auto& value = json.at(path);
    if (value.is_string() && !value.get_ref<const std::string&>().empty())
      return on_one_line(value.get<std::string>());
  }
  return {};
}

}  // namespace bindery
