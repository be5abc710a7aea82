#include "local/part_log.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace bindery {

namespace {

constexpr size_t kept_lines = 4;
constexpr size_t max_kept_line_bytes = 300;

}  // namespace

part_log::part_log(std::string path, uint64_t max_bytes)
    : path_(std::move(path)), max_bytes_(max_bytes) {
  open();
}

void part_log::open() {
  file_.close();
  file_.clear();
  file_.open(path_, std::ios::app | std::ios::binary);
  std::error_code ignored;
  auto size = std::filesystem::file_size(path_, ignored);
  bytes_ = ignored ? 0 : size;
}

void part_log::add(std::string_view line) {
  last_.emplace_back(line.substr(0, max_kept_line_bytes));
  if (last_.size() > kept_lines) last_.pop_front();
  if (bytes_ + line.size() + 1 > max_bytes_ && bytes_ > 0) {
    std::error_code ignored;
    std::filesystem::rename(path_, path_ + ".1", ignored);
    open();
  }
  file_ << line << '\n' << std::flush;
  bytes_ += line.size() + 1;
}

std::string part_log::last_words(std::string_view separator) const {
  std::string words;
  for (const auto& line : last_) {
    if (!words.empty()) words += separator;
    words += line;
  }
  return words;
}

}  // namespace bindery
