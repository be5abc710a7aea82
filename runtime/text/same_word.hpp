#pragma once

#include <string_view>

namespace bindery {

/// The same text, whatever the case of ASCII letters, as HTTP compares names.
bool same_word(std::string_view left, std::string_view right);

}  // namespace bindery
