#include "actors/launch_supervisor.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "actors/launcher.hpp"
#include "actors/resolver.hpp"
#include "runtime/error.hpp"
#include "runtime/log.hpp"
#include "runtime/providers/spec_text.hpp"

namespace bindery {

using std::chrono::milliseconds;

namespace {

/// The client keeps a request's own deadline; this one is for a client that does not answer.
constexpr milliseconds client_grace{5'000};

}  // namespace

launch_supervisor_actor::behavior_type launch_supervisor_state::make_behavior() {
  self->set_exit_handler([this](caf::exit_msg& exit) {
    if (exit.source == resolving || exit.source == building)
      on_child_end(exit.reason);
    else if (exit.reason)
      self->quit(std::move(exit.reason));
  });
  self->set_down_handler([this](const caf::down_msg& down) {
    if (down.source == sink)
      leave();
    else
      on_child_end(down.reason);
  });
  return {
      [this](wait_atom) { wait(); },
      [this](start_atom) { go_on(); },
      [this](leave_atom) { leave(); },
      [this](run_atom) { launch_began = self->clock().now(); },
      [this](event_atom, const std::string&, stream_event& event) { emit(std::move(event)); },
  };
}

void launch_supervisor_state::resolve() {
  if (services->on_begin) services->on_begin(request);
  const auto* provider =
      services->find_provider ? services->find_provider(request.provider) : nullptr;
  if (!provider)
    return fail(make_error(errc::unknown_provider,
                           "No provider found for prefix \"" + request.provider +
                               "\". Check the link: the part after /v2/ names the provider."));
  if (request.build_only && !services->allow_build_only)
    return fail(make_error(errc::bad_request,
                           "build_only is not allowed here: this Bindery does not run in API-only "
                           "mode (BinderHub.enable_api_only_mode)."));
  if (services->admit)
    if (auto refusal = services->admit(*provider, request.spec)) return fail(refusal);
  repository_name = repository_key(*provider, request.spec);
  auto began = self->clock().now();
  resolving = self->spawn<caf::linked>(resolver, provider, request.spec, services->http,
                                       services->git, launch_supervisor_actor{self});
  self->request(resolving, services->resolve_timeout, run_atom::value)
      .then(
          [this, began](resolved_repository& found) {
            note_stage(launch_stage::resolve, began);
            look_for_image(std::move(found));
          },
          [this](const caf::error& why) {
            fail(code_of(why) == errc::timeout
                     ? make_error(errc::timeout, "Resolving " + in_quotes(request.spec) +
                                                     " took too long. Try again later.")
                     : why);
          });
}

void launch_supervisor_state::look_for_image(resolved_repository found) {
  resolving = nullptr;
  repository = std::move(found);
  plan = services->plan_build(*repository);
  plan.repository = repository_name;
  self->request(services->registry, services->image_timeout, exists_atom::value, plan.image_name)
      .then(
          [this](bool exists) {
            if (exists)
              image_there(true);
            else
              image_missing();
          },
          [this](const caf::error& why) {
            fail(surrounded(why, "Could not ask the image registry for " + plan.image_name + ": ",
                            ""));
          });
}

void launch_supervisor_state::image_missing() {
  if (!services->quota) return build_image();
  self->request(services->quota, services->quota_timeout, check_atom::value, claim())
      .then([this] { build_image(); }, [this](const caf::error& why) { fail(why); });
}

void launch_supervisor_state::build_image() {
  emit(make_event(phase::waiting, "Waiting for build to start..."));
  building = self->spawn<caf::linked>(builder, services->builds, plan,
                                      launch_supervisor_actor{self}, log_place());
  self->request(building, caf::infinite, run_atom::value)
      .then(
          [this] {
            building = nullptr;
            image_there(false);
          },
          [this](const caf::error& why) { fail(why); });
}

void launch_supervisor_state::image_there(bool found) {
  if (request.build_only) {
    emit(make_event(phase::ready, found ? "Done! Found built image" : "Done! Image built",
                    {{"imageName", plan.image_name}}));
    end({}, 0);
    return;
  }
  emit(make_event(phase::built,
                  found ? "Found built image, launching..." : "Built image, launching...",
                  {{"imageName", plan.image_name}}));
  if (unwatched)
    image_waits = true;
  else
    launch();
}

void launch_supervisor_state::launch() {
  if (!services->quota) return ask_operator();
  self->request(services->quota, services->quota_timeout, reserve_atom::value, claim())
      .then([this] { ask_operator(); }, [this](const caf::error& why) { fail(why); });
}

void launch_supervisor_state::ask_operator() {
  const auto& check = services->pre_launch;
  if (check.url.empty()) return start_server();
  self->request(services->http, check.timeout + client_grace, fetch_atom::value,
                pre_launch_request(
                    check, request, *repository, plan.image_name,
                    request.user.empty() ? services->name_user(server(), 1) : request.user))
      .then(
          [this](const http_response& answer) {
            if (auto why = judge_pre_launch(answer))
              fail(why);
            else
              start_server();
          },
          [this](const caf::error& why) {
            log_line(log_level::warning, "pre-launch check cannot be asked",
                     {{"launch_id", request.launch_id}, {"why", describe(why)}});
            fail(pre_launch_unanswered(code_of(why), "it could not be asked"));
          });
}

void launch_supervisor_state::start_server() {
  if (unwatched) {
    image_waits = true;
    return;
  }
  emit(make_event(phase::launching, "Launching server..."));
  if (services->on_launching) services->on_launching(request);
  launch_began = self->clock().now();
  // Not linked: it may have to outlive us to clean up.
  launching = self->spawn(launcher, services->launching, server(), services->name_user,
                          services->new_token, services->hub, launch_supervisor_actor{self});
  self->monitor(launching);
  self->request(launching, caf::infinite, run_atom::value)
      .then(
          [this, began = self->clock().now()](const launched_server& server) {
            if (!abandoned) note_stage(launch_stage::launch, began);
            ready(server);
          },
          [this](const caf::error& why) { fail(why); });
}

void launch_supervisor_state::ready(const launched_server& server) {
  if (abandoned) return remove(server);
  if (unwatched) {
    arrived = server;
    return;
  }
  emit(make_event(
      phase::ready, "server running at " + server.url,
      {{"url", server.url},
       {"token", server.token},
       {"image", plan.image_name},
       {"repo_url", repository->repo_url},
       {"binder_ref_url", repository->ref_url},
       {"binder_launch_host", request.launch_host},
       {"binder_request", "v2/" + request.provider + "/" + request.spec},
       {"binder_persistent_request", "v2/" + request.provider + "/" + repository->resolved_spec},
       {"binder_client_ip", request.client_ip}}));
  end({}, server.attempts);
}

void launch_supervisor_state::fail(const caf::error& why) {
  if (ended) {
    self->quit();
    return;
  }
  auto code = code_of(why);
  // Failures of builds, and quotas, carry no status upstream; other refusals and bad specs do.
  auto bare = code == errc::build_failed || code == errc::pod_quota || code == errc::repo_quota;
  auto status = bare ? 0 : http_status(code);
  emit(make_failure(describe_for_clients(why), status));
  end(why, launch_began ? 1 : 0);
}

void launch_supervisor_state::on_child_end(const caf::error& reason) {
  // A child that ends well has answered; one that dies never will.
  if (reason) fail(make_error(errc::internal, "A step of this launch broke off. Launch again."));
}

void launch_supervisor_state::wait() {
  unwatched = true;
}

void launch_supervisor_state::go_on() {
  unwatched = false;
  if (std::exchange(image_waits, false))
    launch();
  else if (arrived)
    ready(*std::exchange(arrived, std::nullopt));
}

void launch_supervisor_state::leave() {
  if (ended) return;
  abandoned = true;
  end(make_error(errc::cancelled, "The client left"), launch_began ? 1 : 0);
  if (arrived)
    remove(*arrived);
  else if (launching)
    self->send(launching, leave_atom::value);
}

void launch_supervisor_state::remove(const launched_server& server) {
  auto done = [this] { self->quit(); };
  auto failed = [this](const caf::error&) { self->quit(); };
  if (request.user.empty())
    self->request(services->hub, caf::infinite, delete_atom::value, server.user).then(done, failed);
  else
    self->request(services->hub, caf::infinite, stop_atom::value, server.user, server.server_name)
        .then(done, failed);
}

quota_claim launch_supervisor_state::claim() const {
  quota_claim wanted{plan.image_name, repository->repo_url, 0, {}};
  if (services->repo_quota)
    wanted.repo_quota =
        services->repo_quota(*services->find_provider(request.provider), request.spec);
  const auto& how = services->launching;
  if (!request.user.empty() && !how.named_servers) {
    wanted.servers.push_back(server_key(request.user, ""));
    return wanted;
  }
  for (uint32_t attempt = 1; attempt <= how.retries; ++attempt) {
    auto name = services->name_user(server(), attempt);
    wanted.servers.push_back(request.user.empty() ? server_key(name, "")
                                                  : server_key(request.user, name));
  }
  return wanted;
}

build_log_place launch_supervisor_state::log_place() const {
  build_log_place place{request.own_url, services->build_logs, {}};
  bool here = sink.node() == self->node();
  if (!here && client_logs && services->build_logs)
    place.clients = client_logs;
  else if (!here)
    place.url.clear();  // the node that the client reaches will not have the log
  return place;
}

server_plan launch_supervisor_state::server() const {
  return {plan.image_name, *repository, request};
}

void launch_supervisor_state::emit(stream_event event) {
  if (ended) return;
  event.number = ++last_number;
  self->send(sink, event_atom::value, request.launch_id, std::move(event));
}

void launch_supervisor_state::note_stage(launch_stage what, caf::actor_clock::time_point began) {
  if (!services->on_stage) return;
  auto took = std::chrono::duration_cast<milliseconds>(self->clock().now() - began);
  services->on_stage({repository_name, what, took.count()});
}

void launch_supervisor_state::end(const caf::error& failure, uint32_t attempts) {
  ended = true;
  self->demonitor(sink.address());
  auto took = launch_began
                  ? std::chrono::duration_cast<milliseconds>(self->clock().now() - *launch_began)
                  : milliseconds{0};
  if (services->on_end) services->on_end({request, repository, failure, attempts, took, abandoned});
  if (resolving) self->send_exit(resolving, caf::exit_reason::user_shutdown);
  if (building) self->send_exit(building, caf::exit_reason::user_shutdown);
  // An abandoned launcher still answers: its server has to be deleted.
  if (!(abandoned && launching)) self->quit();
}

launch_supervisor_actor::behavior_type launch_supervisor(
    launch_supervisor_actor::stateful_pointer<launch_supervisor_state> self,
    std::shared_ptr<const launch_services> services, launch_request request, launch_sink_actor sink,
    build_logs_actor client_logs) {
  auto& state = self->state;
  state.services = std::move(services);
  state.request = std::move(request);
  state.sink = std::move(sink);
  state.client_logs = std::move(client_logs);
  // Whoever takes the events stands for the client: its desk may end with its node.
  self->monitor(state.sink);
  auto behavior = state.make_behavior();
  state.resolve();
  return behavior;
}

}  // namespace bindery
