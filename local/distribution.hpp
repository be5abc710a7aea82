#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include "actors/interfaces.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

struct distribution_options {
  /// As read; what it names is used instead of a part of our own.
  settings given;
  /// State, logs and secrets live here; created for its owner alone. One process at a time.
  std::string state_folder;
  /// The recipes: the folder `local` of a checkout or of an installation.
  std::string source_folder;
  /// Python and Node environments and the base image's archive, shared between stacks.
  std::string cache_folder;
  /// A line of progress for people, or what a missing part needs. From any thread.
  std::function<void(const std::string&)> say;
  /// A part that had served is given up; called at most once for each. From any thread.
  std::function<void(const caf::error&)> on_failure;
  /// Ends `start` early with `cancelled`.
  std::stop_token cancelled;
};

/// Every part that Bindery needs on one machine, supervised: container engine, registry, JupyterHub
/// with proxy and idle culler, repo2docker, base image and a sample repository.
class distribution {
 public:
  /// Starts what `given` does not name and waits until each part serves. Blocks, for minutes where
  /// environments and base image must be made first. A part that this machine cannot have, and
  /// that others can do without, is told by `say`. Errors end what was started: io_failed (the
  /// state folder, which may be in use), process_failed, timeout, unreachable, bad_settings,
  /// cancelled. `runner` and `http` must outlive the distribution.
  static caf::expected<distribution> start(caf::actor_system& system, distribution_options options,
                                           process_runner_actor runner, http_client_actor http);

  distribution(distribution&&) noexcept;
  distribution& operator=(distribution&&) noexcept;
  /// Stops.
  ~distribution();

  /// What was given, filled in: hub, token, registry, image prefix, engine, repo2docker, folders.
  const settings& effective() const;
  /// URL of a git repository that can be launched; "" without git.
  const std::string& sample_repository() const;
  /// Ends all it started, newest first, removes its servers' containers and puts the network back.
  /// Takes up to a minute where something hangs. Twice is fine. One thread at a time.
  void stop();

 private:
  class stack;
  explicit distribution(std::unique_ptr<stack> parts);
  std::unique_ptr<stack> stack_;
};

}  // namespace bindery
