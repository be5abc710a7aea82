#include "actors/build_logs.hpp"

#include <limits>
#include <utility>

#include <caf/send.hpp>

#include "runtime/error.hpp"
#include "runtime/log.hpp"

namespace bindery {

build_logs_state::~build_logs_state() {
  for (auto& [id, askers] : copying)
    for (auto& asker : askers) asker.deliver(make_error(errc::shutting_down));
}

build_logs_actor::behavior_type build_logs_state::make_behavior() {
  return {
      [this](create_atom, const std::string& build_name, const std::string& text) {
        return keep(build_name, text);
      },
      [this](read_atom, const std::string& id) { return read(id); },
      [this](fetch_atom, const std::string& id, const build_log_reader_actor& from) {
        return copy(id, from);
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

caf::result<std::string> build_logs_state::read(const std::string& id) const {
  auto log = store->read(id, 0, std::numeric_limits<size_t>::max());
  if (!log) return std::move(log.error());
  return std::move(log->text);
}

caf::result<void> build_logs_state::copy(const std::string& id,
                                         const build_log_reader_actor& from) {
  if (store->has(id)) return caf::unit;
  auto promise = self->make_response_promise();
  auto [askers, is_new] = copying.try_emplace(id);
  askers->second.push_back(promise);
  if (!is_new) return promise;
  self->request(from, copy_timeout, read_atom::value, id)
      .then(
          [this, id](const std::string& text) {
            end_copy(id, store->keep_copy(id, text, build_log_store::clock::now()));
          },
          [this, id](const caf::error& why) { end_copy(id, why); });
  return promise;
}

void build_logs_state::end_copy(const std::string& id, const caf::error& why) {
  if (why)
    log_line(log_level::warning, "build log of another node is not kept",
             {{"log", id}, {"why", describe(why)}});
  else
    log_line(log_level::info, "build log of another node is kept", {{"log", id}});
  auto askers = copying.extract(id);
  for (auto& asker : askers.mapped()) {
    if (why)
      asker.deliver(why);
    else
      asker.deliver(caf::unit);
  }
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
