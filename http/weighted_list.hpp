#pragma once

#include <string_view>

/// Fields that list what a client takes, each with a weight (RFC 9110, section 12.4.2).
namespace bindery {

/// Takes the text before `mark` (or all) off the front, without blanks around it.
std::string_view take_item(std::string_view& rest, char mark);

/// Of the parameters behind an item: `q=0.25` as 250, 1000 where there is no weight, 0 for anything
/// else that claims to be one.
int weight_of(std::string_view parameters);

}  // namespace bindery
