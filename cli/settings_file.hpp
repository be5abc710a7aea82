#pragma once

#include <optional>
#include <string>

#include "runtime/settings/load.hpp"

namespace bindery {

/// Reads `file` ("" for the environment alone), and takes the secrets out of the environment.
/// Once, before the first thread. What neither names is as in `defaults`.
settings_report read_settings(const std::string& file, const settings& defaults = {});

/// Tells every warning and problem on standard error. True where there is no problem.
bool tell(const settings_report& report);

/// Starts the log as the settings have it.
void start_log(const settings& all);

}  // namespace bindery
