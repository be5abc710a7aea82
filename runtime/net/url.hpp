#pragma once

#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "runtime/text/escape.hpp"

namespace bindery {

/// A URL as logs and error contexts may show it: without userinfo, query and fragment, bounded in
/// length, in UTF-8, control characters replaced. Never fails, whatever the text.
std::string shown_url(std::string_view url);

/// Length of `user:password@` at the start of what follows `://`; 0 where there is none. A password
/// with an unescaped `/` makes no valid URL, but must not be shown either: its authority ends in no
/// port number.
size_t userinfo_bytes(std::string_view rest);

/// The URL that a `Location` means on an answer from `base`. Errors: bad_answer where it cannot be
/// read, carries credentials or leads to another scheme than http and https.
caf::expected<std::string> resolve_location(const std::string& base, const std::string& location);

/// True where both URLs have the same scheme, host and port. False for unreadable ones.
bool same_origin(const std::string& left, const std::string& right);

/// The URL's host in lower case, whatever its scheme; "" for text that is no URL.
std::string host_of(const std::string& url);

/// True where the URL's host is `localhost` or a loopback address.
bool is_loopback(const std::string& url);

}  // namespace bindery
