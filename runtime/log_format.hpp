#pragma once

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "runtime/log.hpp"

namespace bindery {

enum class log_form {
  /// `2026-11-23T20:00:00.123Z info launch ready launch_id=… build_name=…`. A message or value that
  /// is not plain printable ASCII, or that holds what separates parts of a line (blank, `=`, `"`,
  /// `\`; a message may hold blanks), is written as a JSON string.
  text,
  /// One JSON object: `ts`, `level`, `message`, then the fields beside them under their own names
  /// (one called like those three gets a `_` at its end).
  json,
};

/// Longest line, without its break. Message and values are cut until it fits; `[...]` marks a cut.
constexpr size_t max_log_line_bytes = 8192;

/// Identifier form: `warning`.
std::string_view to_string(log_level level);

/// One line of the log, without its break: printable ASCII only (the rest escaped, invalid UTF-8
/// replaced by U+FFFD), so that no value can forge a line or steer a terminal.
std::string format_line(log_form form, std::chrono::system_clock::time_point when, log_level level,
                        std::string_view message, std::initializer_list<log_field> fields);

}  // namespace bindery
