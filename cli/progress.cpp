#include "cli/progress.hpp"

#include <cstdio>
#include <string_view>

namespace bindery {

namespace {

/// A build's log is a repository's own words: no control character of it reaches the terminal.
std::string plain(std::string_view text) {
  std::string out;
  for (char c : text)
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
  return out;
}

}  // namespace

progress_printer::progress_printer() : began_(std::chrono::steady_clock::now()) {}

void progress_printer::say(const std::string& line) {
  std::lock_guard lock{mutex_};
  auto passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_);
  std::printf("[%6.1f s] %s\n", passed.count(), line.c_str());
  std::fflush(stdout);
}

void progress_printer::event(const std::string& phase, const std::string& message) {
  auto text = plain(message);
  {
    std::lock_guard lock{mutex_};
    auto is_new = phase != last_phase_;
    last_phase_ = phase;
    if (text.empty() || (phase == "pushing" && !is_new)) return;
  }
  say(phase + std::string(phase.size() < 10 ? 10 - phase.size() : 1, ' ') + text);
}

}  // namespace bindery
