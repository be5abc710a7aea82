#pragma once

#include <string>

#include <caf/error.hpp>

#include "runtime/settings/settings.hpp"

namespace bindery {

/// Writes what further nodes need to work with the same hub, registry and engine as a settings
/// file (`bindery serve --settings FILE`). It holds the hub's token: only its owner may read it.
/// Errors: io_failed.
caf::error write_node_file(const std::string& path, const settings& all);

}  // namespace bindery
