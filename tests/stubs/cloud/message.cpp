#include "tests/stubs/cloud/message.hpp"

#include <ctime>

namespace stub_cloud {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

uint64_t mixed(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}  // namespace

std::string request::header(const std::string& name) const {
  auto found = headers.find(name);
  return found == headers.end() ? std::string{} : found->second;
}

std::string request::parameter(const std::string& name) const {
  auto found = query.find(name);
  return found == query.end() ? std::string{} : found->second;
}

std::vector<std::string> request::elements() const {
  std::vector<std::string> result;
  for (size_t at = 1; at < path.size();) {
    auto slash = std::min(path.find('/', at), path.size());
    if (slash > at) result.push_back(unescape(std::string_view{path}.substr(at, slash - at)));
    at = slash + 1;
  }
  return result;
}

answer json_answer(std::string route, int status, const json& body,
                   const std::string& content_type) {
  answer result;
  result.route = std::move(route);
  result.status = status;
  result.headers.emplace_back("Content-Type", content_type);
  result.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return result;
}

answer text_answer(std::string route, int status, std::string body,
                   const std::string& content_type) {
  answer result;
  result.route = std::move(route);
  result.status = status;
  result.headers.emplace_back("Content-Type", content_type);
  result.body = std::move(body);
  return result;
}

answer redirect(std::string route, const std::string& location, int status) {
  auto result = text_answer(std::move(route), status,
                            "<html><body>See <a>" + location + "</a></body></html>");
  result.headers.emplace_back("Location", location);
  return result;
}

std::string unescape(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
        hex_value(text[i + 2]) >= 0) {
      result += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string escape(std::string_view text, std::string_view plain) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string result;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    bool stays = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 std::string_view{"-._~"}.find(c) != std::string_view::npos ||
                 plain.find(c) != std::string_view::npos;
    if (stays)
      result += c;
    else
      (((result += '%') += digits[byte >> 4]) += digits[byte & 15]);
  }
  return result;
}

uint64_t hash_of(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return mixed(hash);
}

std::string commit_of(const std::string& text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string result;
  for (auto state = hash_of(text); result.size() < 40; state = mixed(state + 0x9e3779b97f4a7c15U))
    for (int i = 0; i < 10; ++i) result += digits[(state >> (4 * i)) & 15];
  return result;
}

std::string iso_time(int64_t seconds) {
  auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  auto length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, length};
}

int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace stub_cloud
