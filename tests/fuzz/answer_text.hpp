#pragma once

#include <string_view>

#include "runtime/net/http_message.hpp"

namespace bindery::fuzz {

/// An upstream's answer as inputs have it: the status in the first line, header fields one in a
/// line, an empty line, the body.
http_response read_answer(std::string_view text);

}  // namespace bindery::fuzz
