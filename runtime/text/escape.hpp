#pragma once

#include <string>
#include <string_view>

#include <caf/expected.hpp>

namespace bindery {

/// Percent-escapes every byte outside RFC 3986's unreserved set and `kept`.
std::string percent_escape(std::string_view text, std::string_view kept = "");

/// Undoes percent escapes. Fails with `bad_request` on a broken escape.
caf::expected<std::string> percent_unescape(std::string_view text);

/// Lower-case hex of each byte.
std::string to_hex(std::string_view bytes);

/// SHA-256 of `text` as 64 lower-case hex digits.
std::string sha256_hex(std::string_view text);

/// True for well-formed UTF-8 without overlong forms and surrogates.
bool is_utf8(std::string_view text);

/// True where a byte below 0x20 or 0x7f occurs.
bool has_control(std::string_view text);

}  // namespace bindery
