#pragma once

#include <string>
#include <string_view>

#include "http/exchange.hpp"

/// The bytes of event streams (contract, section 3).
namespace bindery {

/// `id: <launch_id>.<number>`, `data: <json>` and an empty line.
std::string event_text(std::string_view launch_id, const stream_event& event);

/// As above, without an id where nothing can be resumed.
std::string event_text(const stream_event& event);

constexpr std::string_view keepalive_text = ":keepalive\n\n";

/// Reads `Last-Event-ID`. Nothing for whatever is not an id of ours.
std::optional<resume_point> read_event_id(std::string_view text);

}  // namespace bindery
