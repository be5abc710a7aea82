#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

#include "runtime/build/request.hpp"
#include "runtime/launch/event.hpp"

namespace bindery {

/// How repo2docker is called, whatever it builds.
struct repo2docker_options {
  std::string appendix;                 ///< lines for the end of the Dockerfile; "" for none
  std::vector<std::string> extra_args;  ///< before the URL
  bool push = false;
  uint64_t memory_limit_bytes = 0;  ///< 0: no limit
};

/// repo2docker's arguments (contract, section 6): the URL is the last and never read as an option.
/// Errors: bad_request where URL or ref start with a dash.
caf::expected<std::vector<std::string>> repo2docker_arguments(const repo2docker_options& options,
                                                              const build_request& request);

/// Reads repo2docker's output. JSON logs keep their message and fields, any other line is
/// `unknown`. Only `fetching building pushing waiting failed unknown` can come out: a repository's
/// own output cannot forge `built` or `ready`. A JSON line without a phase belongs to the phase
/// before it.
///
/// Docker tells what a step prints in pieces that end anywhere, each a JSON line of its own: they
/// become whole lines again. A line that does not end is told when the caller asks for the `rest`,
/// or when it is 64 KiB long.
class repo2docker_reader {
 public:
  /// The events that are whole with this line of output, in order.
  std::vector<stream_event> read(std::string_view line);
  /// The beginning of a line that was held back, for when its end does not come; else nothing.
  std::vector<stream_event> rest();
  bool holds_back() const { return visible_; }
  /// Of the newest line that told one; never `failed` or `unknown`.
  phase current() const { return current_; }

 private:
  /// What of a step's output is whole with this piece of it; "" where nothing is.
  std::string join(std::string_view piece);

  phase current_ = phase::fetching;
  std::string begun_;          ///< without line breaks
  bool visible_ = false;       ///< it is more than control characters
  bool closed_early_ = false;  ///< a break that comes next belongs to what was told last
};

}  // namespace bindery
