#include "actors/build.hpp"

#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include "runtime/build/log_text.hpp"
#include "runtime/error.hpp"

namespace bindery {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

build_state::~build_state() {
  if (running) caf::anon_send_exit(running, caf::exit_reason::user_shutdown);
}

build_actor::behavior_type build_state::make_behavior() {
  self->set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  return {
      [this](subscribe_atom, const build_sink_actor& sink, uint64_t after) {
        subscribe(sink, after);
      },
      [this](leave_atom, const build_sink_actor& sink) { leave(sink); },
      [this](wait_atom, uint64_t ahead) { tell_wait(ahead); },
      [this](start_atom) { start_backend(); },
      [this](event_atom, const std::string&, stream_event& event) { record(std::move(event)); },
      [this](stop_atom) { end(); },
  };
}

void build_state::subscribe(const build_sink_actor& sink, uint64_t after) {
  if (!kept.empty() && kept.front().number > after + 1) {
    auto left_out = kept.front().number - after - 1;
    auto marker = make_event(phase::building, "[" + std::to_string(left_out) +
                                                  " earlier lines of this build are left out]");
    marker.number = after + left_out;
    self->send(sink, event_atom::value, request.build_name, std::move(marker));
  }
  for (const auto& event : kept)
    if (event.number > after) self->send(sink, event_atom::value, request.build_name, event);
  if (!ended && sinks.emplace(sink.address(), sink).second) self->monitor(sink);
}

void build_state::leave(const build_sink_actor& sink) {
  if (sinks.erase(sink.address()) == 0) return;
  self->demonitor(sink.address());
  end_if_unwanted();
}

void build_state::tell_wait(uint64_t ahead) {
  record(make_event(phase::waiting, "Waiting for a free build slot; builds ahead of this one: " +
                                        std::to_string(ahead)));
}

void build_state::start_backend() {
  if (running || ended) return;
  started_at = steady_clock::now();
  stages.start(self->clock().now());
  running = backend(self->system(), request, build_sink_actor{self});
  if (running)
    self->monitor(running);
  else
    record(make_failure("The build could not be started: its backend is not available", 0));
}

void build_state::record(stream_event event) {
  if (ended || failing) return;
  // A backend ends with `built` or `failed`; `ready` belongs to launches alone.
  if (event.what == phase::ready) return;
  stages.see(event.what, self->clock().now());
  event.json = mask.apply(std::move(event.json));
  if (event.what == phase::failed && options.logs)
    fail(std::move(event));
  else
    admit(std::move(event));
}

void build_state::fail(stream_event event) {
  failing = true;
  auto text = build_log_text(request, kept, event);
  self->request(options.logs, options.keep_timeout, create_atom::value, request.build_name,
                std::move(text))
      .then([this, event](const std::string& id) { admit(with_build_log(event, id)); },
            [this, event](const caf::error&) { admit(event); });
}

void build_state::admit(stream_event event) {
  event.number = ++last_number;
  kept_bytes += event.json.size();
  kept.push_back(event);
  while (kept_bytes > options.max_log_bytes && kept.size() > 1) {
    kept_bytes -= kept.front().json.size();
    kept.pop_front();
  }
  ended = event.what == phase::built || event.what == phase::failed;
  for (const auto& [addr, sink] : sinks)
    self->send(sink, event_atom::value, request.build_name, event);
  if (!ended) return;
  for (const auto& [addr, sink] : sinks) self->demonitor(addr);
  sinks.clear();
  auto ok = event.what == phase::built;
  if (ok) note_stages();
  if (observer)
    observer(request, ok,
             std::chrono::duration_cast<milliseconds>(steady_clock::now() - started_at));
  self->send(directory, end_atom::value, request.image_name, ok);
  // Askers whom the directory sent here before it heard of the end still get their answer.
  self->delayed_send(build_actor{self}, options.linger, stop_atom::value);
}

void build_state::note_stages() {
  if (!options.on_stage) return;
  for (auto& one : stages.end(self->clock().now())) {
    one.repository = request.repository;
    options.on_stage(one);
  }
}

void build_state::on_down(const caf::down_msg& down) {
  if (down.source == directory) {  // the node ends
    self->quit();
    return;
  }
  if (running && down.source == running.address()) {
    running = nullptr;
    record(make_failure("The build of " + request.image_name +
                            " stopped before it ended: whatever ran it was stopped or broke down. "
                            "Launch again to start it anew.",
                        0));
    return;
  }
  for (auto i = sinks.begin(); i != sinks.end(); ++i)
    if (i->first == down.source) {
      sinks.erase(i);
      end_if_unwanted();
      return;
    }
}

void build_state::end_if_unwanted() {
  if (sinks.empty() && !running && !failing && !ended) end();
}

void build_state::end() {
  // The directory hears of it before anyone who waits for us: whoever asks again gets another.
  self->send(directory, end_atom::value, request.image_name, false);
  self->demonitor(directory.address());
  self->quit();
}

build_actor::behavior_type build(build_actor::stateful_pointer<build_state> self,
                                 build_options options, build_request request,
                                 build_backend backend, build_observer observer,
                                 build_directory_actor directory) {
  auto& state = self->state;
  auto secrets = options.secrets;
  for (const auto& found :
       {secrets_of_git(request.git_credentials), secrets_of_url(request.repo_url)})
    secrets.insert(secrets.end(), found.begin(), found.end());
  state.mask = secret_mask{secrets};
  state.options = std::move(options);
  state.request = std::move(request);
  state.backend = std::move(backend);
  state.observer = std::move(observer);
  state.directory = std::move(directory);
  self->monitor(state.directory);
  return state.make_behavior();
}

}  // namespace bindery
