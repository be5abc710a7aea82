#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "runtime/launch/event.hpp"

namespace bindery {

/// How far a build came.
enum class build_stage : uint8_t { starting, fetching, building, pushing };

/// What is remembered of a build's log to explain its failure: the last lines, the step of the
/// Dockerfile, the stage. Reads the words of Docker's builder, of BuildKit and of Podman.
class build_trace {
 public:
  explicit build_trace(std::string image_name = {}) : image_name_(std::move(image_name)) {}

  /// The next message of the log, which may have several lines, colours and control characters.
  void see(phase what, std::string_view words);

  /// repo2docker's own words of failure; "" where it said none.
  const std::string& cause() const { return cause_; }
  build_stage stage() const { return stage_; }
  /// The Dockerfile's instruction that was carried out last: `RUN make`; "" before the first.
  const std::string& instruction() const { return instruction_; }
  /// Its place: `2/5`; "" where it was not told.
  const std::string& place() const { return place_; }
  /// The last lines of this step (or stage) that are not empty, the newest last.
  const std::deque<std::string>& lines() const { return lines_; }
  /// The newest line that holds any of `words`, whatever its case; "" where none does.
  template <class... Words>
  std::string line_with(const Words&... words) const {
    std::string found;
    ((found = found.empty() ? newest_with(words) : found), ...);
    return found;
  }

 private:
  void see_line(phase what, std::string line);
  void reach(build_stage stage);
  std::string newest_with(std::string_view words) const;

  std::string image_name_;
  std::deque<std::string> lines_;
  std::string cause_, instruction_, place_;
  build_stage stage_ = build_stage::starting;
};

/// Without terminal colours and control characters but line breaks; carriage returns break lines.
std::string plain_text(std::string_view words);

/// `text` holds `part`, whatever the case of ASCII letters.
bool holds(std::string_view text, std::string_view part);

}  // namespace bindery
