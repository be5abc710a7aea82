#pragma once

#include <array>
#include <cstdio>
#include <memory>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace bindery::test {

/// Whole text of an open file, from its beginning.
inline std::string text_of(int file) {
  std::string text;
  std::array<char, 4096> block{};
  for (off_t at = 0;;) {
    auto got = ::pread(file, block.data(), block.size(), at);
    if (got <= 0) return text;
    text.append(block.data(), static_cast<size_t>(got));
    at += got;
  }
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// While it lives, what this process writes to `fd` goes into a file.
class captured_output {
 public:
  explicit captured_output(int fd)
      : file_(std::tmpfile(), &std::fclose), fd_(fd), real_(::dup(fd)) {
    ::dup2(::fileno(file_.get()), fd_);
  }
  captured_output(const captured_output&) = delete;
  captured_output& operator=(const captured_output&) = delete;
  ~captured_output() {
    ::dup2(real_, fd_);
    ::close(real_);
  }

  std::string text() const { return text_of(::fileno(file_.get())); }
  std::vector<std::string> lines() const { return lines_of(text()); }

 private:
  std::unique_ptr<FILE, int (*)(FILE*)> file_;
  int fd_;
  int real_;
};

}  // namespace bindery::test
