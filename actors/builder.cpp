#include "actors/builder.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"

namespace bindery {

namespace {

/// The words of a failed event, without the final line break.
std::string message_of(const stream_event& event) {
  auto parsed = nlohmann::json::parse(event.json, nullptr, false);
  auto text = parsed.is_object() ? parsed.value("message", std::string{}) : std::string{};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.empty() ? "The build failed without saying why" : text;
}

}  // namespace

builder_actor::behavior_type builder_state::make_behavior() {
  self->set_down_handler([this](const caf::down_msg&) {
    fail(make_error(errc::build_failed, "The build of " + request.repo_url +
                                            " was ended from outside. Launch again to start it "
                                            "anew."));
  });
  return {
      [this](run_atom) { return run(); },
      [this](event_atom, const std::string&, stream_event& event) { on_event(event); },
  };
}

caf::result<void> builder_state::run() {
  done = self->make_response_promise();
  self->request(directory, caf::infinite, build_atom::value, request)
      .then(
          [this](build_actor& found) {
            build = std::move(found);
            self->monitor(build);
            self->send(build, subscribe_atom::value, build_sink_actor{self}, uint64_t{0});
          },
          [this](caf::error& why) { fail(std::move(why)); });
  return caf::delegated<void>{};
}

void builder_state::on_event(stream_event& event) {
  switch (event.what) {
    case phase::built:
      self->demonitor(build.address());
      done.deliver(caf::unit);
      self->quit();
      break;
    case phase::failed:
      fail(make_error(errc::build_failed, message_of(event)));
      break;
    default:
      self->send(supervisor, event_atom::value, std::string{}, std::move(event));
  }
}

void builder_state::fail(caf::error why) {
  if (build) self->demonitor(build.address());
  if (done.pending()) done.deliver(std::move(why));
  self->quit();
}

builder_actor::behavior_type builder(builder_actor::stateful_pointer<builder_state> self,
                                     build_directory_actor directory, build_request request,
                                     launch_supervisor_actor supervisor) {
  auto& state = self->state;
  state.directory = std::move(directory);
  state.request = std::move(request);
  state.supervisor = std::move(supervisor);
  return state.make_behavior();
}

}  // namespace bindery
