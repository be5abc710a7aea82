#include "actors/build_logs.hpp"

#include <utility>

#include <caf/send.hpp>

#include "runtime/error.hpp"
#include "runtime/log.hpp"

namespace bindery {

build_logs_actor::behavior_type build_logs_state::make_behavior() {
  return {
      [this](create_atom, const std::string& build_name, const std::string& text) {
        return keep(build_name, text);
      },
      [this](delete_atom) { prune(); },
  };
}

caf::result<std::string> build_logs_state::keep(const std::string& build_name,
                                                const std::string& text) {
  auto id = store->keep(text, build_log_store::clock::now());
  if (!id) {
    log_line(log_level::warning, "build log is lost",
             {{"build_name", build_name}, {"why", describe(id.error())}});
    return std::move(id.error());
  }
  log_line(log_level::info, "build log is kept", {{"build_name", build_name}, {"log", *id}});
  return std::move(*id);
}

void build_logs_state::prune() {
  store->prune(build_log_store::clock::now());
  self->delayed_send(build_logs_actor{self}, prune_interval, delete_atom::value);
}

std::shared_ptr<const build_log_store> open_build_logs(const build_logs_options& options) {
  if (options.folder.empty() || options.bounds.bytes == 0) return nullptr;
  auto store = build_log_store::open(options.folder, options.bounds);
  if (store) return std::make_shared<const build_log_store>(std::move(*store));
  log_line(log_level::warning,
           "logs of failed builds are not kept: choose a folder that can be written "
           "(Bindery.state_folder)",
           {{"why", describe(store.error())}});
  return nullptr;
}

build_logs_actor::behavior_type build_logs(
    build_logs_actor::stateful_pointer<build_logs_state> self,
    std::shared_ptr<const build_log_store> store) {
  self->state.store = std::move(store);
  self->state.prune();
  return self->state.make_behavior();
}

}  // namespace bindery
