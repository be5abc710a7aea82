#include "runtime/event_log/event_log.hpp"

#include <cstdint>
#include <exception>
#include <mutex>
#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/event_log/line_sink.hpp"
#include "runtime/log.hpp"
#include "runtime/text/timestamp.hpp"

namespace bindery {

std::string event_line(const launch_record& record, std::chrono::system_clock::time_point when) {
  nlohmann::ordered_json line = {{"timestamp", utc_microseconds(when)},
                                 {"schema", "binderhub.jupyter.org/launch"},
                                 {"version", 6},
                                 {"provider", record.provider},
                                 {"spec", record.spec},
                                 {"ref", record.ref},
                                 {"status", record.status},
                                 {"build_token", record.build_token},
                                 {"origin", record.origin},
                                 {"request_origin", record.request_origin}};
  return line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

struct event_log::state {
  /// Null where no event log is kept.
  std::unique_ptr<line_sink> sink;
  std::string where;
  std::mutex mutex;
  uint64_t lost = 0;

  void wrote() {
    if (lost == 0) return;
    log_line(log_level::info, "event log writes again",
             {{"event_log", where}, {"records_lost", std::to_string(lost)}});
    lost = 0;
  }

  void failed(const std::string& reason) {
    if (lost++ > 0) return;
    log_line(log_level::error, "event log cannot be written, launches go unrecorded",
             {{"event_log", where}, {"reason", reason}});
  }
};

event_log::event_log(std::unique_ptr<state> s) : state_(std::move(s)) {}
event_log::event_log(event_log&&) noexcept = default;
event_log& event_log::operator=(event_log&&) noexcept = default;
event_log::~event_log() = default;

caf::expected<event_log> event_log::open(const std::string& where, event_log_bounds bounds) {
  auto s = std::make_unique<state>();
  s->where = where == "-" ? "standard output" : where;
  try {
    if (where == "-")
      s->sink = stdout_sink();
    else if (!where.empty())
      s->sink = rotating_file(where, bounds.max_file_bytes, bounds.old_files);
  } catch (const std::exception& fault) {
    return make_error(errc::io_failed,
                      "Cannot write the event log " + where + ": " + fault.what() +
                          ". Make its folder and let this user write there, or set "
                          "Bindery.event_log_file to another file, - for standard output, or "
                          "nothing for no event log");
  }
  return event_log{std::move(s)};
}

void event_log::write(const launch_record& record) noexcept {
  if (!state_ || !state_->sink) return;
  std::lock_guard guard{state_->mutex};
  try {
    state_->sink->write(event_line(record, std::chrono::system_clock::now()));
    state_->wrote();
  } catch (const std::exception& fault) {
    state_->failed(fault.what());
  } catch (...) {
    state_->failed("unknown");
  }
}

}  // namespace bindery
