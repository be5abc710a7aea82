#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace bindery {

/// The operator's log: one line per event on standard error, from any thread. Before `start_log`
/// it is text from `info` on.

enum class log_level {
  debug,    ///< for whoever looks for a fault in Bindery
  info,     ///< what the operator wants to read afterwards: a phase began or ended
  warning,  ///< somebody should look, nothing is lost yet
  error,    ///< something failed that should work
};

/// What the line is about: a name such as `launch_id` (letters, digits, `_ . -`) and its value.
using log_field = std::pair<std::string_view, std::string>;

/// Sets form and least level, as `Bindery.log_format` (`text`, `json`) and `Bindery.log_level`
/// (`debug`, `info`, `warning`, `error`) say. Another word means `text`, or `info`, with a warning
/// line. Twice is fine: the last call counts.
void start_log(const std::string& format, const std::string& level);

/// Writes one line, or none where `level` is below the least one. `message` is subject, verb,
/// object, the same words each time (`launch ready`); what differs belongs into `fields`. Whatever
/// bytes come in, it stays one line of bounded length (see `format_line`). Never a secret in it.
/// Never throws; a line that cannot be written is lost.
void log_line(log_level level, std::string_view message,
              std::initializer_list<log_field> fields = {}) noexcept;

}  // namespace bindery
