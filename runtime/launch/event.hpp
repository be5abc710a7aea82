#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <caf/meta/type_name.hpp>
#include <nlohmann/json_fwd.hpp>

namespace bindery {

/// The closed set of phases on the wire (contract, section 3). Never add one.
enum class phase : uint8_t {
  waiting,
  fetching,
  building,
  pushing,
  built,
  launching,
  ready,
  failed,
  unknown,
};

/// The phase's word on the wire.
std::string to_string(phase value);

/// The phase for a word; `phase::unknown` for any other word.
phase phase_from(std::string_view word);

/// One event of a launch or a build as clients read it.
struct stream_event {
  /// Position in its launch or build, counted from 1 without gaps.
  uint64_t number = 0;
  phase what = phase::unknown;
  /// The JSON object of the `data:` line: one line of valid UTF-8 without line breaks.
  std::string json;

  /// True where nothing follows this event.
  bool last() const { return what == phase::ready || what == phase::failed; }
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, stream_event& x) {
  return f(caf::meta::type_name("stream_event"), x.number, x.what, x.json);
}

/// An event of `what` that says `message` (a final line break is added where missing), with the
/// other fields of `extra`, a JSON object. Invalid UTF-8 is replaced, never refused.
stream_event make_event(phase what, std::string_view message);
stream_event make_event(phase what, std::string_view message, nlohmann::json extra);

/// A `failed` event; `status_code` is added where it is not 0.
stream_event make_failure(std::string_view message, int status_code);

}  // namespace bindery
