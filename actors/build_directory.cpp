#include "actors/build_directory.hpp"

#include <algorithm>
#include <utility>

namespace bindery {

build_directory_actor::behavior_type build_directory_state::make_behavior() {
  self->set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  return {
      [this](build_atom, const build_request& request) { return find_or_start(request); },
      [this](end_atom, const std::string& image, bool ok) { on_end(image, ok); },
  };
}

build_actor build_directory_state::find_or_start(const build_request& request) {
  if (auto known = builds.find(request.image_name); known != builds.end())
    return known->second.build;
  auto started = spawner(request, build_directory_actor{self});
  self->monitor(started);
  builds.emplace(request.image_name, entry{started, false});
  waiting.push_back(request.image_name);
  start_waiting();
  return started;
}

void build_directory_state::on_end(const std::string& image, bool ok) {
  release(image);
  if (!ok) {
    if (auto known = builds.find(image); known != builds.end()) {
      self->demonitor(known->second.build.address());
      builds.erase(known);
    }
  }
  start_waiting();
}

void build_directory_state::on_down(const caf::down_msg& down) {
  for (auto i = builds.begin(); i != builds.end(); ++i)
    if (i->second.build.address() == down.source) {
      release(i->first);
      builds.erase(i);
      break;
    }
  start_waiting();
}

void build_directory_state::release(const std::string& image) {
  auto known = builds.find(image);
  if (known == builds.end()) return;
  if (std::exchange(known->second.running, false)) --running;
  std::erase(waiting, image);
}

void build_directory_state::start_waiting() {
  while (running < options.max_builds && !waiting.empty()) {
    auto& next = builds.at(waiting.front());
    waiting.pop_front();
    next.running = true;
    ++running;
    self->send(next.build, start_atom::value);
  }
  uint64_t ahead = 0;
  for (const auto& image : waiting)
    self->send(builds.at(image).build, wait_atom::value, running + ahead++);
}

build_directory_actor::behavior_type build_directory(
    build_directory_actor::stateful_pointer<build_directory_state> self,
    build_directory_options options, build_spawner spawner) {
  self->state.options = options;
  self->state.spawner = std::move(spawner);
  return self->state.make_behavior();
}

}  // namespace bindery
