#pragma once

#include <string>
#include <string_view>

namespace bindery {

// The names that a launch derives from its repository (contract, section 4).

/// `slug` with every byte outside `[A-Za-z0-9]` as `-xx`, cut to `limit` with a hash of the whole
/// at its end, lower-case. `limit` counts the hash and its dash.
std::string safe_slug(std::string_view slug, size_t limit, size_t hash_length = 6);

/// Image with registry part and tag: `<prefix><slug>:<ref>`, at most 255 bytes before the tag.
std::string image_name(std::string_view image_prefix, std::string_view build_slug,
                       std::string_view ref);

/// Name of the build: DNS-safe, at most 63 bytes, equal for equal (slug, ref).
std::string build_name(std::string_view build_slug, std::string_view ref);

/// Name of a launch's temporary user: the repository's path and 8 chars that make it unique.
std::string user_name(std::string_view repo_url, std::string_view suffix);

}  // namespace bindery
