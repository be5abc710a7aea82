#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace bindery {

/// `Tue, 24 Nov 2026 12:00:00 GMT` (RFC 9110, section 5.6.7).
std::string http_date(std::time_t when);

/// Reads that form; nothing for any other.
std::optional<std::time_t> read_http_date(const std::string& text);

/// What a client says that it has already.
struct known_version {
  std::string_view if_none_match;      ///< all fields, joined by commas
  std::string_view if_modified_since;  ///< passed over where there is a tag
};

/// True where it has the version with that entity tag (with its quotes) and date: 304.
bool is_current(const known_version& known, std::string_view tag, std::time_t modified);

}  // namespace bindery
