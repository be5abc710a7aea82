#include "actors/build_directory.hpp"

#include <algorithm>
#include <utility>

#include "runtime/error.hpp"

namespace bindery {

build_directory_actor::behavior_type build_directory_state::make_behavior() {
  self->set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  return {
      [this](build_atom, const build_request& request) { return find_or_start(request); },
      [this](end_atom, const std::string& image, bool ok) { on_end(image, ok); },
  };
}

caf::result<build_actor> build_directory_state::find_or_start(const build_request& request) {
  if (auto known = builds.find(request.image_name); known != builds.end())
    return known->second.build;
  if (waiting.size() >= options.max_waiting)
    return make_error(errc::too_many_requests, std::to_string(waiting.size()) +
                                                   " builds are waiting here already. Try again "
                                                   "in a few minutes.");
  auto started = spawner(request, build_directory_actor{self});
  self->monitor(started);
  builds.emplace(request.image_name, entry{started, false, std::nullopt});
  waiting.push_back(request.image_name);
  start_waiting();
  return started;
}

void build_directory_state::on_end(const std::string& image, bool ok) {
  auto known = builds.find(image);
  // A build that failed a while ago ends now; its place may be another's.
  if (known == builds.end() || known->second.build.address() != self->current_sender()) return;
  release(image);
  if (!ok) {
    self->demonitor(known->second.build.address());
    builds.erase(known);
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
  uint64_t ahead = running;
  for (const auto& image : waiting) {
    auto& one = builds.at(image);
    if (one.told_ahead != ahead) self->send(one.build, wait_atom::value, ahead);
    one.told_ahead = ahead++;
  }
}

build_directory_actor::behavior_type build_directory(
    build_directory_actor::stateful_pointer<build_directory_state> self,
    build_directory_options options, build_spawner spawner) {
  self->state.options = options;
  self->state.spawner = std::move(spawner);
  return self->state.make_behavior();
}

}  // namespace bindery
