#include "actors/jupyterhub.hpp"

#include <utility>

#include "actors/hub_progress_follower.hpp"
#include "runtime/error.hpp"
#include "runtime/hub/server_list.hpp"
#include "runtime/hub/user_model.hpp"
#include "runtime/hub/verdict.hpp"
#include "runtime/net/curl_fault.hpp"
#include "runtime/net/service_fault.hpp"

namespace bindery {

jupyterhub_actor::behavior_type jupyterhub_state::make_behavior() {
  return {
      [this](create_atom, const std::string& user) { return create_user(user); },
      [this](start_atom, const std::string& user, const std::string& server,
             std::string& options_json) {
        return start_server(user, server, std::move(options_json));
      },
      [this](progress_atom, const std::string& user, const std::string& server,
             const hub_sink_actor& sink) { return follow_progress(user, server, sink); },
      [this](list_atom, const std::string& user) { return list_servers(user); },
      [this](stop_atom, const std::string& user, const std::string& server) {
        return stop_server(user, server);
      },
      [this](delete_atom, const std::string& user) { return delete_user(user); },
      [this](list_atom) { return list_servers(); },
      [this](check_atom) { return check(); },
  };
}

caf::result<void> jupyterhub_state::create_user(const std::string& user) {
  if (user.empty()) return make_error(errc::bad_request, "A user of JupyterHub needs a name");
  return call(hub_create_user_request(options.hub, user), judge_create_user);
}

caf::result<void> jupyterhub_state::start_server(const std::string& user, const std::string& server,
                                                 std::string options_json) {
  return call(hub_start_request(options.hub, user, server, std::move(options_json)), judge_start);
}

caf::result<hub_progress> jupyterhub_state::follow_progress(const std::string& user,
                                                            const std::string& server,
                                                            const hub_sink_actor& sink) {
  auto request = hub_progress_request(options.hub, user, server);
  request.idle_timeout = options.progress_idle_timeout;
  auto follower = self->spawn<caf::linked>(hub_progress_follower, client, std::move(request),
                                           options.retries, options.launch_timeout, sink);
  return self->delegate(follower, run_atom::value);
}

caf::result<std::vector<std::string>> jupyterhub_state::list_servers(const std::string& user) {
  auto request = hub_user_request(options.hub, user);
  request.timeout = options.request_timeout;
  auto promise = self->make_response_promise();
  auto id = answers.add(promise);
  auto line = shown_request(request);
  fetch_retrying(self, client, std::move(request), options.retries)
      .then(
          [this, id, line](const http_response& response, uint32_t) {
            auto servers = read_servers(response);
            if (servers)
              answers.take(id).deliver(std::move(*servers));
            else
              answers.take(id).deliver(answered(line, servers.error()));
          },
          [this, id](const caf::error& why) { answers.take(id).deliver(hub_unasked(why)); });
  return promise;
}

caf::result<void> jupyterhub_state::stop_server(const std::string& user,
                                                const std::string& server) {
  return call(hub_stop_request(options.hub, user, server), judge_removal, is_hub_busy);
}

caf::result<void> jupyterhub_state::delete_user(const std::string& user) {
  if (user.empty()) return make_error(errc::bad_request, "A user of JupyterHub needs a name");
  auto promise = self->make_response_promise();
  auto id = answers.add(promise);
  // The hub answers 500 where the user's server is still starting, but it can stop such a server.
  auto stop = hub_stop_request(options.hub, user, {});
  stop.timeout = options.request_timeout;
  fetch_retrying(self, client, std::move(stop), options.retries, is_hub_busy)
      .then(
          [this, id, user](const http_response&, uint32_t) {
            auto request = hub_delete_user_request(options.hub, user);
            request.timeout = options.request_timeout;
            ask(id, std::move(request), options.retries, judge_removal, is_hub_busy);
          },
          [this, id](const caf::error& why) { answers.take(id).deliver(hub_unasked(why)); });
  return promise;
}

caf::result<hub_server_list> jupyterhub_state::list_servers() {
  auto promise = self->make_response_promise();
  list_page(answers.add(promise), 0, {});
  return promise;
}

void jupyterhub_state::list_page(uint64_t answer_id, uint64_t offset, hub_server_list so_far) {
  auto request = hub_server_page_request(options.hub, offset);
  request.timeout = options.request_timeout;
  auto line = shown_request(request);
  auto fail = [this, answer_id, line](const caf::error& why) {
    answers.take(answer_id).deliver(answered(line, why));
  };
  fetch_retrying(self, client, std::move(request), options.list_retries)
      .then(
          [this, answer_id, offset, fail, so_far = std::move(so_far)](const http_response& response,
                                                                      uint32_t) mutable {
            if (auto why = judge_check(response, 1)) return fail(why);
            auto page = decode_server_page(response.body);
            if (!page) return fail(page.error());
            auto& all = so_far.servers;
            all.insert(all.end(), page->servers.begin(), page->servers.end());
            // Offsets that do not grow would lead in circles.
            if (page->next_offset && *page->next_offset > offset)
              list_page(answer_id, *page->next_offset, std::move(so_far));
            else
              answers.take(answer_id).deliver(std::move(so_far));
          },
          [this, answer_id](const caf::error& why) {
            answers.take(answer_id).deliver(hub_unasked(why));
          });
}

caf::result<void> jupyterhub_state::check() {
  auto request = hub_check_request(options.hub);
  request.timeout = options.check_timeout;
  auto promise = self->make_response_promise();
  ask(answers.add(promise), std::move(request), retry_policy{1}, judge_check, is_server_fault);
  return promise;
}

caf::result<void> jupyterhub_state::call(http_request request, verdict judge, retry_judge again) {
  request.timeout = options.request_timeout;
  auto promise = self->make_response_promise();
  ask(answers.add(promise), std::move(request), options.retries, judge, again);
  return promise;
}

void jupyterhub_state::ask(uint64_t answer_id, http_request request, const retry_policy& policy,
                           verdict judge, retry_judge again) {
  auto line = shown_request(request);
  fetch_retrying(self, client, std::move(request), policy, again)
      .then(
          [this, answer_id, line, judge](const http_response& response, uint32_t attempts) {
            auto asker = answers.take(answer_id);
            if (auto why = judge(response, attempts))
              asker.deliver(answered(line, why));
            else
              asker.deliver(caf::unit);
          },
          [this, answer_id](const caf::error& why) {
            answers.take(answer_id).deliver(hub_unasked(why));
          });
}

jupyterhub_actor::behavior_type jupyterhub(
    jupyterhub_actor::stateful_pointer<jupyterhub_state> self, http_client_actor client,
    jupyterhub_options options) {
  self->state.client = std::move(client);
  self->state.options = std::move(options);
  return self->state.make_behavior();
}

}  // namespace bindery
