#include "actors/launch_history.hpp"

#include <utility>

#include "runtime/error.hpp"
#include "runtime/launch/stage_history_file.hpp"
#include "runtime/log.hpp"

namespace bindery {

launch_history_actor::behavior_type launch_history_state::make_behavior() {
  self->set_exit_handler([this](caf::exit_msg& exit) {
    save();
    self->quit(std::move(exit.reason));
  });
  return {
      [this](event_atom, const stage_time& took) { record(took); },
      [this](count_atom, const std::string& repository) { return history.estimate(repository); },
      [this](end_atom) { save(); },
  };
}

void launch_history_state::load() {
  history = stage_history{options.bounds};
  if (options.file.empty()) return;
  std::string damage;
  auto found = load_stage_history(options.file, damage, options.bounds);
  if (!found) {
    log_line(log_level::warning, "the history of launches is not kept on disk",
             {{"why", describe(found.error())}});
    options.file.clear();
    return;
  }
  if (!damage.empty())
    log_line(log_level::warning, "the history of launches begins anew",
             {{"file", options.file}, {"why", damage}});
  history = std::move(*found);
}

void launch_history_state::record(const stage_time& took) {
  if (!history.record(took) || options.file.empty() || std::exchange(unsaved, true)) return;
  self->delayed_send(launch_history_actor{self}, options.save_delay, end_atom::value);
}

void launch_history_state::save() {
  if (!std::exchange(unsaved, false)) return;
  if (auto why = save_stage_history(options.file, history))
    log_line(log_level::warning,
             "the history of launches is not written: choose a folder that can be "
             "(Bindery.state_folder)",
             {{"why", describe(why)}});
}

launch_history_actor::behavior_type launch_history(
    launch_history_actor::stateful_pointer<launch_history_state> self,
    launch_history_options options) {
  self->state.options = std::move(options);
  self->state.load();
  return self->state.make_behavior();
}

}  // namespace bindery
