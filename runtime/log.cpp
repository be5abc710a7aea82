#include "runtime/log.hpp"

#include <atomic>
#include <chrono>
#include <memory>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "runtime/log_format.hpp"

namespace bindery {

namespace {

struct operator_log {
  operator_log() : out("bindery", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    out.set_pattern("%v");
    out.set_level(spdlog::level::info);
    out.set_error_handler([](const std::string&) {});
  }

  spdlog::logger out;
  std::atomic<log_form> form{log_form::text};
};

/// Never destroyed, so that what ends after `main` can still log.
operator_log& the_log() {
  static auto* log = new operator_log;
  return *log;
}

spdlog::level::level_enum spdlog_level(log_level level) {
  switch (level) {
    case log_level::debug:
      return spdlog::level::debug;
    case log_level::info:
      return spdlog::level::info;
    case log_level::warning:
      return spdlog::level::warn;
    case log_level::error:
      break;
  }
  return spdlog::level::err;
}

/// True where `word` names a level, which is then the least one.
bool set_least_level(operator_log& log, const std::string& word) {
  for (auto level : {log_level::debug, log_level::info, log_level::warning, log_level::error}) {
    if (word != to_string(level)) continue;
    log.out.set_level(spdlog_level(level));
    return true;
  }
  log.out.set_level(spdlog::level::info);
  return false;
}

}  // namespace

void start_log(const std::string& format, const std::string& level) {
  auto& log = the_log();
  log.form = format == "json" ? log_form::json : log_form::text;
  if (!set_least_level(log, level))
    log_line(log_level::warning, "log level unknown, info used", {{"log_level", level}});
  if (format != "json" && format != "text")
    log_line(log_level::warning, "log format unknown, text used", {{"log_format", format}});
}

void log_line(log_level level, std::string_view message,
              std::initializer_list<log_field> fields) noexcept {
  try {
    auto& log = the_log();
    auto rank = spdlog_level(level);
    if (!log.out.should_log(rank)) return;
    log.out.log(rank,
                format_line(log.form, std::chrono::system_clock::now(), level, message, fields));
  } catch (...) {
    // Out of memory: there is no place left to tell it.
  }
}

}  // namespace bindery
