#pragma once

#include <string>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "runtime/launch/stage_history.hpp"

namespace bindery {

/// The history in the file at `path`; an empty one where there is none yet. What cannot be read as
/// a history is renamed to `<path>.damaged`, in place of an earlier such one, and told in
/// `damage`. Errors: io_failed naming file and reason.
caf::expected<stage_history> load_stage_history(const std::string& path, std::string& damage,
                                                stage_history_bounds bounds = {});

/// Writes the history to the file at `path`, for its owner alone: a reader finds the old one or the
/// new one, whole. Makes the folder where it is missing. Errors: io_failed naming file and reason.
caf::error save_stage_history(const std::string& path, const stage_history& history);

}  // namespace bindery
