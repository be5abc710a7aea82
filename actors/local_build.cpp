#include "actors/local_build.hpp"

#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/log.hpp"

namespace bindery {

namespace {

/// A step may print words without ending their line, and then work for long.
constexpr auto longest_hold = std::chrono::seconds{1};

/// The start of a line that Python writes around the words of a fault.
bool frames_a_fault(std::string_view line) {
  for (std::string_view start : {" ", "Traceback (most recent call last)", "During handling of the",
                                 "The above exception was"})
    if (line.starts_with(start)) return true;
  return line.empty();
}

}  // namespace

local_build_actor::behavior_type local_build_state::make_behavior() {
  return {
      [this](line_atom, uint64_t, int32_t, const std::string& line) { return on_line(line); },
      [this](line_atom, uint64_t line) {
        if (line == held_line) tell_rest();
      },
      [this](end_atom, uint64_t, const process_exit& end) { on_end(end); },
      [this](end_atom, uint64_t, const caf::error& why) {
        fail(explain_missing_builder(end_of({}), describe(why)).message);
      },
  };
}

void local_build_state::start() {
  if (!registry) return run({});
  self->request(registry, options.login_timeout, login_atom::value, request.image_name)
      .then([this](const std::string& credentials) { run(credentials); },
            [this](const caf::error& why) {
              log_line(log_level::warning, "no login for pushing",
                       {{"build_name", request.build_name}, {"why", describe(why)}});
              fail("Could not get a login for pushing " + request.image_name + ": " +
                   describe_for_clients(why));
            });
}

void local_build_state::run(const std::string& credentials) {
  if (!credentials.empty()) options.arguments.push = true;
  mask = secret_mask{secrets_of_push(credentials)};
  auto arguments = repo2docker_arguments(options.arguments, request);
  if (!arguments) return fail(describe(arguments.error()));
  process_spec spec;
  spec.program = options.repo2docker;
  spec.arguments = std::move(*arguments);
  spec.timeout = options.timeout;
  auto variable = [&](const char* variable_name, const std::string& value) {
    if (!value.empty()) spec.environment.emplace_back(variable_name, value);
  };
  variable("DOCKER_HOST", options.container_engine);
  variable("DOCKER_CONFIG", options.docker_config_folder);
  variable("CONTAINER_ENGINE_REGISTRY_CREDENTIALS", credentials);
  variable("GIT_CREDENTIAL_ENV", request.git_credentials);
  variable("PYTHONUNBUFFERED", "1");
  // A repository that asks for a password must fail, not wait.
  variable("GIT_TERMINAL_PROMPT", "0");
  self->request(runner, caf::infinite, start_atom::value, std::move(spec), process_sink_actor{self})
      .then([](uint64_t) {}, [this](const caf::error& why) { fail(describe(why)); });
}

caf::result<void> local_build_state::on_line(const std::string& line) {
  // Of a fault of repo2docker's own people need the words, not where in its code it was.
  if (line.starts_with("Traceback (most recent call last)")) in_stack_trace = true;
  if (in_stack_trace && frames_a_fault(line)) return caf::unit;
  bool held = reader.holds_back();
  auto events = reader.read(mask.apply(line));
  if (reader.holds_back() && (!held || !events.empty()))
    self->delayed_send(local_build_actor{self}, longest_hold, line_atom::value, ++held_line);
  if (events.empty()) return caf::unit;
  for (auto& event : events) event = noted(std::move(event));
  auto last = std::move(events.back());
  events.pop_back();
  for (auto& event : events)
    self->send(sink, event_atom::value, request.build_name, std::move(event));
  // The build's answer goes to whoever reads the child: it is read no faster than the build tells.
  return self->delegate(sink, event_atom::value, request.build_name, std::move(last));
}

stream_event local_build_state::noted(stream_event event) {
  // Once more: docker may have cut a login in two.
  event.json = mask.apply(event.json);
  auto words = nlohmann::json::parse(event.json).value("message", "");
  trace.see(event.what, words);
  if (event.what == phase::failed)
    return make_event(reader.current(), words);  // its last word is ours
  return event;
}

void local_build_state::tell_rest() {
  for (auto& event : reader.rest())
    self->send(sink, event_atom::value, request.build_name, noted(std::move(event)));
}

void local_build_state::on_end(const process_exit& end) {
  tell_rest();
  if (end.ok()) {
    self->send(sink, event_atom::value, request.build_name,
               make_event(phase::built, "Built " + request.image_name));
    self->quit();
    return;
  }
  fail(explain_failure(trace, end_of(end)).message);
}

build_end local_build_state::end_of(const process_exit& end) const {
  build_end known;
  known.exit = end;
  known.repo_url = request.repo_url;
  known.ref = request.ref;
  known.image_name = request.image_name;
  known.program = options.repo2docker;
  known.engine = options.container_engine;
  known.timeout = std::chrono::duration_cast<std::chrono::seconds>(options.timeout);
  known.memory_limit_bytes = options.arguments.memory_limit_bytes;
  return known;
}

void local_build_state::fail(const std::string& message) {
  self->send(sink, event_atom::value, request.build_name, make_failure(mask.apply(message), 0));
  self->quit();
}

local_build_actor::behavior_type local_build(
    local_build_actor::stateful_pointer<local_build_state> self, local_build_options options,
    build_request request, process_runner_actor runner, registry_actor registry,
    build_sink_actor sink) {
  auto& state = self->state;
  state.options = std::move(options);
  state.request = std::move(request);
  state.trace = build_trace{state.request.image_name};
  state.runner = std::move(runner);
  state.registry = std::move(registry);
  state.sink = std::move(sink);
  auto behavior = state.make_behavior();
  state.start();
  return behavior;
}

build_backend make_local_backend(local_build_options options, process_runner_actor runner,
                                 registry_actor registry) {
  return [options = std::move(options), runner = std::move(runner), registry = std::move(registry)](
             caf::actor_system& system, const build_request& request, build_sink_actor sink) {
    return caf::actor_cast<caf::actor>(
        system.spawn(local_build, options, request, runner, registry, std::move(sink)));
  };
}

}  // namespace bindery
