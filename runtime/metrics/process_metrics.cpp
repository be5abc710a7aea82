#include "runtime/metrics/process_metrics.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

#include "runtime/metrics/single_value.hpp"

namespace bindery {

namespace {

/// Fields of `/proc/self/stat` that are used here; proc(5) counts them from 1.
struct process_stat {
  double user_ticks = 0;      ///< 14
  double system_ticks = 0;    ///< 15
  double start_ticks = 0;     ///< 22, since the machine's start
  double virtual_bytes = 0;   ///< 23
  double resident_pages = 0;  ///< 24
};

std::optional<process_stat> read_stat() {
  std::ifstream in{"/proc/self/stat"};
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  // Field 2 is the program's name in parentheses and may hold anything, blanks too.
  auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream rest{line.substr(name_end + 1)};
  process_stat stat;
  std::string field;
  for (int n = 3; n <= 24 && rest >> field; ++n) {
    auto number = [&field] { return std::strtod(field.c_str(), nullptr); };
    if (n == 14) stat.user_ticks = number();
    if (n == 15) stat.system_ticks = number();
    if (n == 22) stat.start_ticks = number();
    if (n == 23) stat.virtual_bytes = number();
    if (n == 24) stat.resident_pages = number();
  }
  if (!rest) return std::nullopt;
  return stat;
}

/// When the machine started, in seconds since 1970.
std::optional<double> machine_start() {
  std::ifstream in{"/proc/stat"};
  for (std::string word; in >> word;) {
    double seconds = 0;
    if (word == "btime" && in >> seconds) return seconds;
  }
  return std::nullopt;
}

std::optional<size_t> open_files() {
  std::error_code failed;
  size_t count = 0;
  std::filesystem::directory_iterator entry{"/proc/self/fd", failed};
  for (; !failed && entry != std::filesystem::directory_iterator{}; entry.increment(failed))
    ++count;
  // The listing itself holds one open.
  return failed || count == 0 ? std::nullopt : std::optional{count - 1};
}

}  // namespace

std::vector<prometheus::MetricFamily> process_metrics() {
  std::vector<prometheus::MetricFamily> all;
  auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  if (auto stat = read_stat()) {
    all.push_back(counter_of("process_cpu_seconds_total", "User and system CPU time in seconds.",
                             (stat->user_ticks + stat->system_ticks) / ticks));
    all.push_back(gauge_of("process_resident_memory_bytes", "Resident memory in bytes.",
                           stat->resident_pages * static_cast<double>(::sysconf(_SC_PAGESIZE))));
    all.push_back(
        gauge_of("process_virtual_memory_bytes", "Virtual memory in bytes.", stat->virtual_bytes));
    if (auto start = machine_start())
      all.push_back(gauge_of("process_start_time_seconds",
                             "When the process started, in seconds since 1970.",
                             *start + stat->start_ticks / ticks));
  }
  if (auto count = open_files())
    all.push_back(
        gauge_of("process_open_fds", "Open file descriptors.", static_cast<double>(*count)));
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    all.push_back(gauge_of("process_max_fds", "Most file descriptors that may be open.",
                           static_cast<double>(limit.rlim_cur)));
  return all;
}

}  // namespace bindery
