#pragma once

#include <string>

namespace bindery {

// Where things are, all absolute.

/// `wanted` where it is not "". Else `/var/lib/bindery` for root, `bindery` in `XDG_STATE_HOME`
/// (`~/.local/state`) for others.
std::string state_folder(const std::string& wanted);

/// `BINDERY_CACHE`, else `bindery` in `~/.cache`: environments and archives that can be made again.
std::string cache_folder();

/// The folder `local` of recipes: beside an installed program in `share/bindery`, else that of the
/// checkout it was built from.
std::string recipes_folder();

}  // namespace bindery
