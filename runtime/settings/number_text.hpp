#pragma once

#include <charconv>
#include <string_view>
#include <system_error>

namespace bindery {

/// A number that is all of `text`; false, and `into` of no meaning, where it is not or is too
/// large.
template <class Number>
bool read_number(std::string_view text, Number& into) {
  auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), into);
  return bad == std::errc{} && end == text.data() + text.size();
}

}  // namespace bindery
