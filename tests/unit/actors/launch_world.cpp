#include "tests/unit/actors/launch_world.hpp"

namespace bindery::test {

launch_world::launch_world() {
  repository = {"git",
                "x/HEAD",
                "https://example.org/x",
                std::string(40, 'a'),
                "https://example.org/x",
                "slug",
                "x/" + std::string(40, 'a'),
                "Git"};
  provider.steps = {resolve_step{git_query{"https://example.org/x", "HEAD"}},
                    resolve_step{repository}};
  auto& s = *services;
  s.find_provider = [this](std::string_view prefix) {
    return prefix == "git" ? &provider : nullptr;
  };
  s.plan_build = [](const resolved_repository& from) {
    return build_request{"build-x", "registry/x:1", from.repo_url, from.resolved_ref, "git", ""};
  };
  s.name_user = [](const server_plan&, uint32_t attempt) {
    return "user-" + std::to_string(attempt);
  };
  s.new_token = [] { return std::string{"token"}; };
  s.launching.hub_url = "https://hub.example.org/";
  s.on_end = [this](const launch_outcome& end) {
    ends.push_back(end.failure ? to_string(code_of(end.failure)) : "success");
  };
  s.on_stage = [this](const stage_time& took) { stages.push_back(took); };
  s.git = spawn([this]() -> git_actor::behavior_type {
    return {[this](resolve_atom, const git_query&) -> caf::result<std::string> {
      ++git_queries;
      if (git_answers) return std::string(40, 'a');
      return caf::delegated<std::string>{};
    }};
  });
  s.registry = spawn([this]() -> registry_actor::behavior_type {
    return {[this](exists_atom, const std::string&) -> caf::result<bool> { return image_exists; },
            [](login_atom, const std::string&) { return std::string{}; }, [](check_atom) {}};
  });
  s.hub = spawn([this](jupyterhub_actor::pointer self) -> jupyterhub_actor::behavior_type {
    return {[this](create_atom, const std::string& user) -> caf::result<void> {
              created.push_back(user);
              if (create_error) return create_error;
              return caf::unit;
            },
            [this](start_atom, const std::string&, const std::string&,
                   const std::string& options) -> caf::result<void> {
              started.push_back(nlohmann::json::parse(options));
              if (!start_errors.empty()) {
                auto why = start_errors.front();
                start_errors.pop_front();
                if (why) return why;
                return caf::unit;
              }
              if (start_error) return start_error;
              return caf::unit;
            },
            [this, self](progress_atom, const std::string&, const std::string&,
                         const hub_sink_actor& sink) -> caf::result<hub_progress> {
              hub_sink = sink;
              if (hub_ends) return hub_end;
              hub_promise = self->make_response_promise();
              return caf::delegated<hub_progress>{};
            },
            [this](list_atom, const std::string&) -> caf::result<std::vector<std::string>> {
              if (!list_errors.empty()) {
                auto why = list_errors.front();
                list_errors.pop_front();
                return why;
              }
              return servers;
            },
            // With an empty name the test's bell: the hub has deleted the user.
            [this, self](stop_atom, const std::string& user,
                         const std::string& server) -> caf::result<void> {
              if (user.empty()) {
                delete_promise.deliver(caf::unit);
                return caf::unit;
              }
              stopped.push_back(user + "/" + server);
              if (delete_answers) return caf::unit;
              delete_promise = self->make_response_promise();
              return caf::delegated<void>{};
            },
            [this, self](delete_atom, const std::string& user) -> caf::result<void> {
              deleted.push_back(user);
              if (delete_answers) return caf::unit;
              delete_promise = self->make_response_promise();
              return caf::delegated<void>{};
            },
            [this](list_atom) -> caf::result<hub_server_list> {
              ++lists;
              if (list_error) return list_error;
              return listed;
            },
            // The test's bell: answer the pending progress request, inside the actor.
            [this](check_atom) { hub_promise.deliver(*hub_end); }};
  });
  s.builds =
      spawn(build_directory, build_directory_options{},
            [this](const build_request& request, build_directory_actor home) {
              build_options options;
              options.on_stage = services->on_stage;
              auto started_build = system->spawn(
                  build, options, request,
                  [this](caf::actor_system& sys, const build_request&, build_sink_actor sink) {
                    ++builds_started;
                    build_sink = sink;
                    auto worker = sys.spawn([]() -> caf::behavior { return {[](int) {}}; });
                    spawned.push_back(worker.address());
                    return worker;
                  },
                  build_observer{}, home);
              spawned.push_back(started_build.address());
              return started_build;
            });
  desk = spawn(
      launch_desk, launch_desk_options{},
      [this](const launch_request& request, launch_sink_actor sink) {
        ++supervisors;
        auto started_launch =
            system->spawn(launch_supervisor, services, request, sink, build_logs_actor{});
        last_supervisor = started_launch.address();
        return started_launch;
      },
      runner_worker_actor{});
}

std::shared_ptr<recording> launch_world::launch(const std::string& id, std::string spec) {
  auto record = std::make_shared<recording>();
  clients[id] = spawn(recording_sink, record);
  launch_request request;
  request.launch_id = id;
  request.provider = "git";
  request.spec = std::move(spec);
  request.client_ip = "192.0.2.1";
  request.launch_host = "https://badges.example.org/";
  request.own_url = "https://bindery.example.org/";
  tell(desk, launch_atom::value, request, clients[id]);
  return record;
}

void launch_world::leave(const std::string& id) {
  tell(desk, leave_atom::value, id, clients.at(id));
}

void launch_world::build_says(stream_event event) {
  tell(build_sink, event_atom::value, std::string{}, std::move(event));
}

std::string launch_world::stage_list() const {
  std::vector<std::string> words;
  for (const auto& one : stages)
    words.push_back(std::string{to_string(one.what)} + " " + std::to_string(one.milliseconds));
  return joined(words);
}

void launch_world::hub_has_deleted() {
  tell(services->hub, stop_atom::value, std::string{}, std::string{});
}

void launch_world::hub_says(hub_progress step) {
  if (step.ready || step.failed) {
    hub_end = std::move(step);
    tell(services->hub, check_atom::value);
  } else {
    tell(hub_sink, progress_atom::value, std::move(step));
  }
}

}  // namespace bindery::test
