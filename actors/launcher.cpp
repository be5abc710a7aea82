#include "actors/launcher.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "actors/retrying_fetch.hpp"
#include "runtime/error.hpp"
#include "runtime/hub/api.hpp"
#include "runtime/hub/user_options.hpp"

namespace bindery {

launcher_actor::behavior_type launcher_state::make_behavior() {
  return {
      [this](run_atom) { return run(); },
      [this](leave_atom) { leave(); },
      [this](progress_atom, const hub_progress& step) { on_progress(step); },
      [this](start_atom) { begin_attempt(); },
  };
}

caf::result<launched_server> launcher_state::run() {
  answer = self->make_response_promise();
  begin_attempt();
  return caf::delegated<launched_server>{};
}

void launcher_state::begin_attempt() {
  if (abandoned) return;
  // A logged-in user's server must be gone before it can be started again.
  held = for_logged_in() && undoing > 0;
  if (held) return;
  pausing = false;
  ++attempt;
  foreign = false;
  attempt_began = std::chrono::steady_clock::now();
  if (attempt > 1) self->send(supervisor, run_atom::value);
  token = tokens();
  begun = false;
  if (for_logged_in()) {
    user = plan.request.user;
    server = options.named_servers ? namer(plan, attempt) : "";
    // An attempt that failed took the room that was found; what it started has been stopped.
    return room_found ? start_server() : look_for_room();
  }
  user = namer(plan, attempt);
  begun = true;
  self->request(hub, caf::infinite, create_atom::value, user)
      .then([this] { start_server(); }, [this](const caf::error& why) { on_create_failed(why); });
}

void launcher_state::on_create_failed(const caf::error& why) {
  // Two nodes may carry out one launch where news of the first got lost: the user is the other's.
  foreign = code_of(why) == errc::already_running;
  attempt_failed(why);
}

void launcher_state::look_for_room() {
  self->request(hub, caf::infinite, list_atom::value, user)
      .then(
          [this](const std::vector<std::string>& servers) {
            auto named = static_cast<size_t>(std::count_if(
                servers.begin(), servers.end(), [](auto& name) { return !name.empty(); }));
            auto where = " at " + options.hub_url + "hub/home, then launch again.";
            if (!options.named_servers && named < servers.size())
              return refuse(make_error(errc::already_running, "User " + user +
                                                                  " already has a running server. "
                                                                  "Stop it" +
                                                                  where));
            if (options.named_servers && options.named_server_limit > 0 &&
                named >= options.named_server_limit)
              return refuse(make_error(errc::already_running,
                                       "User " + user + " already has " + std::to_string(named) +
                                           " named servers, and " +
                                           std::to_string(options.named_server_limit) +
                                           " are allowed. Delete one" + where));
            room_found = true;
            start_server();
          },
          [this](const caf::error& why) { attempt_failed(why); });
}

void launcher_state::start_server() {
  if (left()) return;
  begun = true;
  self->request(hub, caf::infinite, start_atom::value, user, server, user_options())
      .then([this] { follow(); },
            [this](const caf::error& why) {
              // Somebody else's start was quicker: that server is not ours to stop.
              if (for_logged_in() && code_of(why) == errc::already_running)
                refuse(make_error(errc::already_running,
                                  "User " + user + " already has a running server. Stop it at " +
                                      options.hub_url + "hub/home, then launch again."));
              else
                attempt_failed(why);
            });
}

void launcher_state::follow() {
  following = true;
  self->request(hub, caf::infinite, progress_atom::value, user, server, hub_sink_actor{self})
      .then([this](const hub_progress& end) { on_end(end); },
            [this](const caf::error& why) { attempt_failed(why); });
}

void launcher_state::on_progress(const hub_progress& step) {
  if (!abandoned) tell(step);
}

void launcher_state::tell(const hub_progress& step) {
  if (step.message.empty()) return;
  self->send(supervisor, event_atom::value, std::string{},
             make_event(phase::launching, step.message));
}

void launcher_state::on_end(const hub_progress& end) {
  following = false;
  if (left()) return;
  tell(end);
  if (!end.ready) {
    attempt_failed(make_error(errc::launch_failed,
                              end.message.empty()
                                  ? "JupyterHub could not start the server and did not say why"
                                  : "JupyterHub could not start the server: " + end.message));
    return;
  }
  auto url = options.hub_url + "user/" + escape_hub_name(user) + "/";
  if (!server.empty()) url += escape_hub_name(server) + "/";
  answer.deliver(launched_server{user, server, url, token, attempt});
  self->quit();
}

void launcher_state::attempt_failed(const caf::error& why) {
  following = false;
  if (left()) return;
  if (begun) undo();
  if (attempt >= options.retries) {
    auto asked = code_of(why) == errc::launch_failed
                     ? std::string{}
                     : std::string{"Getting a server from JupyterHub failed: "};
    end_when_clean(surrounded(why, asked,
                              " (attempt " + std::to_string(attempt) + " of " +
                                  std::to_string(options.retries) +
                                  "). Try again in a few minutes."));
    return;
  }
  if (options.on_retry)
    options.on_retry(std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - attempt_began));
  self->send(supervisor, event_atom::value, std::string{},
             make_event(phase::launching,
                        "Launch attempt " + std::to_string(attempt) + " failed, retrying..."));
  pausing = true;
  auto pause = retry_policy{options.retries, options.retry_delay, 2}.pause_after(attempt);
  self->delayed_send(launcher_actor{self}, pause, start_atom::value);
}

void launcher_state::refuse(const caf::error& why) {
  begun = false;
  if (left()) return;
  answer.deliver(why);
  self->quit();
}

void launcher_state::leave() {
  abandoned = true;
  // A request that creates something may be under way; its answer tells when that can be deleted.
  if (following)
    left();
  else if (pausing)
    end_when_clean(make_error(errc::cancelled, "The client left"));
}

bool launcher_state::left() {
  if (!abandoned) return false;
  if (!leaving && begun) undo();
  end_when_clean(make_error(errc::cancelled, "The client left"));
  return true;
}

void launcher_state::end_when_clean(caf::error why) {
  if (!leaving) outcome = std::move(why);
  leaving = true;
  if (undoing > 0) return;
  answer.deliver(outcome);
  self->quit();
}

void launcher_state::undo() {
  if (foreign) return;
  ++undoing;
  auto done = [this] {
    --undoing;
    if (leaving)
      end_when_clean({});
    else if (held)
      begin_attempt();
  };
  auto failed = [done](const caf::error&) { done(); };
  // The hub's actor goes on with it after our patience has ended.
  if (for_logged_in())
    self->request(hub, options.cleanup_timeout, stop_atom::value, user, server).then(done, failed);
  else
    self->request(hub, options.cleanup_timeout, delete_atom::value, user).then(done, failed);
}

std::string launcher_state::user_options() const {
  const auto& repository = plan.repository;
  const auto& request = plan.request;
  return encode_user_options({plan.image_name, repository.repo_url, token, repository.ref_url,
                              request.launch_host, "v2/" + request.provider + "/" + request.spec,
                              "v2/" + request.provider + "/" + repository.resolved_spec,
                              request.client_ip});
}

launcher_actor::behavior_type launcher(launcher_actor::stateful_pointer<launcher_state> self,
                                       launcher_options options, server_plan plan, user_namer namer,
                                       token_source tokens, jupyterhub_actor hub,
                                       launch_supervisor_actor supervisor) {
  auto& state = self->state;
  state.options = std::move(options);
  state.plan = std::move(plan);
  state.namer = std::move(namer);
  state.tokens = std::move(tokens);
  state.hub = std::move(hub);
  state.supervisor = std::move(supervisor);
  return state.make_behavior();
}

}  // namespace bindery
