#pragma once

#include <caf/actor_system.hpp>
#include <nlohmann/json_fwd.hpp>

#include "actors/interfaces.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

/// What `/versions` says of the builder: the setting `builder_info`, else what the build class says
/// of itself, which for repo2docker is the version that the program tells within a few seconds.
/// Blocks so long.
nlohmann::json builder_info_of(caf::actor_system& system, const settings& all,
                               const process_runner_actor& processes);

}  // namespace bindery
