#include "actors/builder.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/build/log_text.hpp"
#include "runtime/error.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

/// Each launch keeps what it told for clients that come back, and thousands may share one build.
constexpr uint64_t max_told_bytes = 4 * 1024 * 1024;
/// Builds asked for in turn where each had ended by the time we came to it.
constexpr uint32_t most_asked = 3;

/// The words of a failed event, without the final line break.
std::string message_of(const stream_event& event) {
  auto parsed = nlohmann::json::parse(event.json, nullptr, false);
  auto text = parsed.is_object() ? parsed.value("message", std::string{}) : std::string{};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (text.empty()) text = "The build failed without saying why";
  return text;
}

}  // namespace

builder_actor::behavior_type builder_state::make_behavior() {
  self->set_down_handler([this](const caf::down_msg&) { on_down(); });
  return {
      [this](run_atom) { return run(); },
      [this](event_atom, const std::string&, stream_event& event) { on_event(event); },
  };
}

caf::result<void> builder_state::run() {
  done = self->make_response_promise();
  ask();
  return caf::delegated<void>{};
}

void builder_state::ask() {
  ++asked;
  self->request(directory, caf::infinite, build_atom::value, request)
      .then(
          [this](build_actor& found) {
            build = std::move(found);
            self->monitor(build);
            self->send(build, subscribe_atom::value, build_sink_actor{self}, uint64_t{0});
          },
          [this](caf::error& why) { fail(std::move(why)); });
}

void builder_state::on_down() {
  // It had ended when we came, and the directory heard of that before we did: ask for another.
  if (!heard && asked < most_asked) return ask();
  fail(make_error(errc::build_failed, "The build of " + shown_url(request.repo_url) +
                                          " was ended from outside. Launch again to start it "
                                          "anew."));
}

void builder_state::on_event(stream_event& event) {
  heard = true;
  switch (event.what) {
    case phase::built:
      self->demonitor(build.address());
      done.deliver(caf::unit);
      self->quit();
      break;
    case phase::failed:
      fail_with_log(message_of(event), build_log_of(event));
      break;
    default:
      pass_on(std::move(event));
  }
}

void builder_state::pass_on(stream_event event) {
  if (told_bytes > max_told_bytes) return;
  told_bytes += event.json.size();
  if (told_bytes > max_told_bytes)
    event = make_event(event.what, "[This log is too long: the rest of it is not shown here]");
  self->send(supervisor, event_atom::value, std::string{}, std::move(event));
}

void builder_state::fail_with_log(const std::string& words, const std::string& log) {
  auto without = make_error(errc::build_failed, words);
  // Its end is no news any more: it has said why it failed.
  self->demonitor(build.address());
  if (log.empty() || logs.url.empty() || build.node() != self->node()) return fail(without);
  auto with =
      make_error(errc::build_failed, words + "\nThe whole log: " + logs.url + "build-log/" + log);
  if (!logs.clients) return fail(with);
  self->request(logs.clients, logs.patience, fetch_atom::value, log,
                build_log_reader_actor{logs.ours})
      .then([this, with] { fail(with); }, [this, without](const caf::error&) { fail(without); });
}

void builder_state::fail(caf::error why) {
  if (build) self->demonitor(build.address());
  if (done.pending()) done.deliver(std::move(why));
  self->quit();
}

builder_actor::behavior_type builder(builder_actor::stateful_pointer<builder_state> self,
                                     build_directory_actor directory, build_request request,
                                     launch_supervisor_actor supervisor, build_log_place logs) {
  auto& state = self->state;
  state.directory = std::move(directory);
  state.request = std::move(request);
  state.supervisor = std::move(supervisor);
  state.logs = std::move(logs);
  return state.make_behavior();
}

}  // namespace bindery
