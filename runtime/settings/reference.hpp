#pragma once

#include <string>

namespace bindery {

/// The reference of every setting in Markdown, from the same declarations that settings are read
/// by. Defaults are those of this program.
std::string settings_reference();

}  // namespace bindery
