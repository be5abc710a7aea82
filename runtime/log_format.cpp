#include "runtime/log_format.hpp"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "runtime/text/timestamp.hpp"

namespace bindery {

namespace {

using json = nlohmann::ordered_json;

std::string dump(const json& value) {
  return value.dump(-1, ' ', true, json::error_handler_t::replace);
}

/// The first `limit` bytes, without half a character at the end.
std::string cut(std::string_view text, size_t limit) {
  if (text.size() <= limit) return std::string{text};
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  return std::string{text.substr(0, limit)} + "[...]";
}

std::string field_name(std::string_view name) {
  std::string out;
  for (char c : name.substr(0, 64)) {
    bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '_' || c == '.' || c == '-';
    out += fine ? c : '_';
  }
  if (out.empty()) return "_";
  return out;
}

std::string bare_or_quoted(const std::string& text, char least) {
  bool bare = !text.empty() && text.front() != ' ' && text.back() != ' ' &&
              std::all_of(text.begin(), text.end(), [least](char c) {
                return c >= least && c < 0x7f && c != '"' && c != '=' && c != '\\';
              });
  return bare ? text : dump(text);
}

using named_values = std::vector<std::pair<std::string, std::string>>;

std::string text_line(const std::string& when, log_level level, const std::string& message,
                      const named_values& fields) {
  auto line = when + ' ';
  line += to_string(level);
  line += ' ' + bare_or_quoted(message, ' ');
  for (const auto& [name, value] : fields) line += ' ' + name + '=' + bare_or_quoted(value, '!');
  return line;
}

std::string json_line(const std::string& when, log_level level, const std::string& message,
                      const named_values& fields) {
  json line = {{"ts", when}, {"level", to_string(level)}, {"message", message}};
  for (const auto& [name, value] : fields)
    line[name == "ts" || name == "level" || name == "message" ? name + '_' : name] = value;
  return dump(line);
}

}  // namespace

std::string_view to_string(log_level level) {
  switch (level) {
    case log_level::debug:
      return "debug";
    case log_level::info:
      return "info";
    case log_level::warning:
      return "warning";
    case log_level::error:
      break;
  }
  return "error";
}

std::string format_line(log_form form, std::chrono::system_clock::time_point when, log_level level,
                        std::string_view message, std::initializer_list<log_field> fields) {
  auto time = utc_milliseconds(when);
  auto write = form == log_form::json ? json_line : text_line;
  for (auto limit = max_log_line_bytes; limit >= 32; limit /= 2) {
    named_values values;
    for (const auto& [name, value] : fields)
      values.emplace_back(field_name(name), cut(value, limit));
    auto line = write(time, level, cut(message, limit), values);
    if (line.size() <= max_log_line_bytes) return line;
  }
  return write(time, level, cut(message, 32), {{"fields_left_out", std::to_string(fields.size())}});
}

}  // namespace bindery
