#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bindery {

/// Base64 with padding (RFC 4648, section 4).
std::string to_base64(std::string_view bytes);

/// URL-safe base64 without padding (RFC 4648, section 5).
std::string to_base64url(std::string_view bytes);

/// The bytes of base64 with padding, between which line breaks are passed over; nothing for what is
/// not base64.
std::optional<std::string> from_base64(std::string_view text);

/// The bytes of URL-safe base64 without padding; nothing for what is not.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace bindery
