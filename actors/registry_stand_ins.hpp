#pragma once

#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"

namespace bindery {

/// For `use_registry: false`: the container engine's own images.
registry_actor::behavior_type engine_as_registry(registry_actor::pointer self,
                                                 container_engine_actor engine);

/// For work on the pages (`FakeRegistry`): serves always, and has no image at all.
registry_actor::behavior_type fake_registry();

}  // namespace bindery
