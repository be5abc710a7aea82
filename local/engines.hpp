#pragma once

#include <functional>
#include <string>

#include <caf/expected.hpp>

#include "local/crew.hpp"
#include "local/stack_folder.hpp"
#include "runtime/engine/address.hpp"

namespace bindery {

enum class engine_kind {
  none,
  running,  ///< it ran already
  docker,   ///< our own dockerd
  podman,   ///< our own Podman
};

/// A container engine that answered.
struct chosen_engine {
  engine_kind kind = engine_kind::none;
  engine_address address;
  std::string docker_host;  ///< the address as every Docker client understands it
  std::string version;
};

/// Finds or starts the container engine of a stack.
class engines {
 public:
  engines(crew& parts, const stack_folder& folder, std::string recipes,
          std::function<void(const std::string&)> say);

  /// The engine at `address`. Errors: bad_settings, unreachable, timeout, upstream_error.
  caf::expected<chosen_engine> find(const std::string& address);
  /// One of our own: Docker's, else Podman; `none` where this machine can have neither, which is
  /// told. `registry_url` may be plain http. Errors: cancelled, io_failed.
  caf::expected<chosen_engine> start(const std::string& registry_url);

 private:
  caf::expected<chosen_engine> try_own(engine_kind kind, const std::string& program,
                                       const std::string& registry_url);

  crew& parts_;
  const stack_folder& folder_;
  std::string recipes_;
  std::function<void(const std::string&)> say_;
};

}  // namespace bindery
