#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace bindery {

/// The words that an upstream put into the JSON object of an error answer: the string under the
/// first of `keys` that has one, on one line of valid UTF-8 and at most 300 bytes; "" where there
/// is none. A key such as `errors/0/message` leads into nested values.
std::string json_message(std::string_view body, std::initializer_list<const char*> keys);

}  // namespace bindery
