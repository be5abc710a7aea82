#include "http/event_text.hpp"

#include <algorithm>
#include <charconv>

namespace bindery {

std::string event_text(std::string_view launch_id, const stream_event& event) {
  std::string text;
  text.reserve(launch_id.size() + event.json.size() + 40);
  text.append("id: ").append(launch_id).append(".").append(std::to_string(event.number));
  text.append("\ndata: ").append(event.json).append("\n\n");
  return text;
}

std::string event_text(const stream_event& event) {
  return "data: " + event.json + "\n\n";
}

std::string chunk_of(std::string_view text) {
  char size[2 * sizeof(size_t)];
  auto end = std::to_chars(size, size + sizeof size, text.size(), 16).ptr;
  std::string chunk;
  chunk.reserve(text.size() + sizeof size + 4);
  return chunk.append(size, end).append("\r\n").append(text).append("\r\n");
}

std::string rate_limit_fields(const rate_count& counted) {
  return "x-ratelimit-remaining: " + std::to_string(counted.remaining) +
         "\r\nx-ratelimit-reset: " + std::to_string(counted.reset) +
         "\r\nx-ratelimit-limit: " + std::to_string(counted.limit) + "\r\n";
}

std::optional<resume_point> read_event_id(std::string_view text) {
  constexpr size_t id_length = 16;
  if (text.size() < id_length + 2 || text[id_length] != '.') return std::nullopt;
  auto id = text.substr(0, id_length);
  auto digits = text.substr(id_length + 1);
  auto is_id_char = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (!std::all_of(id.begin(), id.end(), is_id_char)) return std::nullopt;
  resume_point point{std::string{id}, 0};
  auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), point.number);
  if (ec != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return point;
}

}  // namespace bindery
