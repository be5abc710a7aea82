#pragma once

#include <set>
#include <string>

namespace bindery {

/// `; did you mean X?` for a name that is not known, where one of `known` is spelt much like it;
/// else "".
std::string near_miss(const std::set<std::string>& known, const std::string& name);

}  // namespace bindery
