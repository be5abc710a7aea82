#pragma once

#include <caf/fwd.hpp>

namespace bindery {

/// Registers every type that an actor's message may carry. An unregistered type would reach another
/// node as an empty message.
void register_messages(caf::actor_system_config& config);

}  // namespace bindery
