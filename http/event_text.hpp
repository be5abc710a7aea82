#pragma once

#include <string>
#include <string_view>

#include "http/exchange.hpp"
#include "runtime/launch/limits.hpp"

/// The bytes of event streams (contract, section 3).
namespace bindery {

/// `id: <launch_id>.<number>`, `data: <json>` and an empty line.
std::string event_text(std::string_view launch_id, const stream_event& event);

/// As above, without an id where nothing can be resumed.
std::string event_text(const stream_event& event);

constexpr std::string_view keepalive_text = ":keepalive\n\n";

/// `text` as one chunk (RFC 9112, 7.1). With chunks a client is given each event when it comes;
/// readers of a stream that only its end delimits wait for whole buffers.
std::string chunk_of(std::string_view text);

/// What ends a stream of chunks.
constexpr std::string_view last_chunk = "0\r\n\r\n";

/// The fields of a stream whose launch was counted (contract, section 11).
std::string rate_limit_fields(const rate_count& counted);

/// Reads `Last-Event-ID`. Nothing for whatever is not an id of ours.
std::optional<resume_point> read_event_id(std::string_view text);

}  // namespace bindery
