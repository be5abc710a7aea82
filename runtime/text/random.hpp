#pragma once

#include <cstddef>
#include <string>

namespace bindery {

/// `count` bytes from the system's cryptographic source.
std::string random_bytes(size_t count);

/// An access token: 16 random bytes, URL-safe base64 without padding (contract, section 8).
std::string random_token();

/// `length` random characters of `[a-z0-9]`.
std::string random_id(size_t length);

}  // namespace bindery
