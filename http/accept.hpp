#pragma once

#include <string_view>

namespace bindery {

/// True where an `Accept` field names `text/event-stream` itself (RFC 9110, section 12.5.1) with a
/// weight above 0. Wildcards alone do not count: crawlers send them, and would start launches.
bool names_event_stream(std::string_view accept);

/// True where an `Accept` field names `text/html` itself and likes it at least as well as
/// `text/plain`: that of a browser which is to show a page.
bool prefers_html(std::string_view accept);

}  // namespace bindery
