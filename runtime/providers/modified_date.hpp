#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bindery {

/// Seconds since 1970 of a date such as `2024-04-02T02:10:31.123456`, by which archives without
/// versions tell their states apart. A fraction and a time zone after the seconds are not looked
/// at, so that the numbers are those of BinderHub. Nothing for what is no date from 1970 to 9999.
std::optional<int64_t> read_modified_date(std::string_view text);

}  // namespace bindery
