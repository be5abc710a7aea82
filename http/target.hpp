#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bindery {

/// A request's target in its parts; all still percent-escaped.
struct request_target {
  std::string_view path;
  std::string_view query;  ///< without the question mark
};

request_target split_target(std::string_view target);

/// True where every escape is whole and none stands for a control character, and no path segment
/// is `.` or `..`, escaped or not.
bool is_safe_path(std::string_view path);

/// A spec without slashes at its end, as launches take it.
std::string_view without_end_slashes(std::string_view spec);

/// Percent-unescaped text (`+` is left alone). Nothing where an escape is broken.
std::optional<std::string> unescaped(std::string_view text);

/// Everything outside `[A-Za-z0-9-._~]` percent-escaped.
std::string escaped(std::string_view text);

/// The first value of a query parameter, unescaped, with `+` as a space. Nothing where it is
/// missing or broken.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// Text for HTML, in elements and in quoted attributes.
std::string html_escaped(std::string_view text);

}  // namespace bindery
