#pragma once

#include <string>
#include <string_view>

#include <caf/error.hpp>

namespace bindery {

// Errors about services of this installation, such as JupyterHub. Where they run is told to
// operators only: see `describe_for_clients`.

/// The HTTP client could not ask `service` (`JupyterHub`), and said `why`, beginning with the
/// request. Clients are told by the code what became of it.
caf::error unasked(std::string_view service, const caf::error& why);

/// The answer to `line` (see `shown_request`) means `why`, which does not name the request.
caf::error answered(const std::string& line, const caf::error& why);

}  // namespace bindery
