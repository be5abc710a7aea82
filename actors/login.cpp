#include "actors/login.hpp"

#include <algorithm>
#include <utility>

#include "runtime/error.hpp"
#include "runtime/hub/user_model.hpp"
#include "runtime/hub/verdict.hpp"
#include "runtime/log.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

caf::error too_many() {
  return make_error(errc::too_many_requests,
                    "Too many people are logging in at once. Try again in a few seconds.");
}

/// Clients are told less of what is wrong with the hub.
void note(const caf::error& why) {
  if (code_of(why) == errc::forbidden) return;
  log_line(log_level::warning, "a login cannot be checked", {{"why", describe(why)}});
}

}  // namespace

login_state::~login_state() {
  for (auto& [id, asked] : asking)
    for (auto& asker : asked.askers) asker.deliver(make_error(errc::shutting_down));
}

login_actor::behavior_type login_state::make_behavior() {
  return {
      [this](check_atom, const std::string& token, const std::string& session) {
        return identify(token, session);
      },
      [this](create_atom, const std::string& code) { return finish(code); },
      [this](delete_atom, const std::string& token) { forget(token); },
  };
}

caf::result<hub_identity> login_state::identify(const std::string& token,
                                                const std::string& session) {
  auto unknown = [] { return make_error(errc::forbidden, "JupyterHub knows no such token"); };
  if (!is_plain_token(token)) return unknown();
  auto key = sha256_hex(token);
  auto now = self->clock().now();
  if (auto* found = known.find(key); found && found->session == session && now < found->until)
    return found->who;
  if (auto* until = refused.find(key); until && now < *until) return unknown();
  auto found = std::find_if(asking.begin(), asking.end(), [&](const auto& one) {
    const auto& [id, asked] = one;
    return asked.key == key && asked.session == session && !asked.outdated;
  });
  auto is_new = found == asking.end();
  if (is_new && asking.size() + exchanges >= options.most_questions) return too_many();
  if (is_new) found = asking.emplace(++last_question, question{key, session, {}}).first;
  auto promise = self->make_response_promise<hub_identity>();
  found->second.askers.push_back(promise);
  if (is_new) ask(found->first, token);
  return promise;
}

void login_state::ask(uint64_t id, const std::string& token) {
  auto request = identity_request(options.client, token);
  request.timeout = options.request_timeout;
  fetch_retrying(self, http, std::move(request), options.retries)
      .then([this, id](const http_response& response,
                       uint32_t) { on_identity(id, read_identity(response)); },
            [this, id](const caf::error& why) { on_identity(id, hub_unasked(why)); });
}

void login_state::on_identity(uint64_t id, const caf::expected<hub_identity>& who) {
  auto asked = std::move(asking.extract(id).mapped());
  if (!who) note(who.error());
  if (!asked.outdated) remember(asked, who);
  for (auto& asker : asked.askers) {
    if (who)
      asker.deliver(*who);
    else
      asker.deliver(who.error());
  }
}

void login_state::remember(const question& asked, const caf::expected<hub_identity>& who) {
  auto now = self->clock().now();
  if (who)
    known.put(asked.key, {*who, asked.session, now + options.cache_age});
  else
    known.erase(asked.key);
  if (!who && code_of(who.error()) == errc::forbidden)
    refused.put(asked.key, now + std::min(options.refusal_age, options.cache_age));
}

caf::result<hub_login> login_state::finish(const std::string& code) {
  if (asking.size() + exchanges >= options.most_questions) return too_many();
  ++exchanges;
  auto request = token_request(options.client, code);
  request.timeout = options.request_timeout;
  auto promise = self->make_response_promise();
  auto answer = logins.add(promise);
  // Once only: a code is good for one answer, and whether it was given is not known after a break.
  self->request(http, 2 * options.request_timeout, fetch_atom::value, std::move(request))
      .then(
          [this, answer](const http_response& response) {
            --exchanges;
            auto token = read_token(response);
            if (token)
              on_token(answer, *token);
            else
              fail(answer, token.error());
          },
          [this, answer](const caf::error& why) {
            --exchanges;
            fail(answer, hub_unasked(why));
          });
  return promise;
}

void login_state::on_token(uint64_t answer, const std::string& token) {
  auto request = identity_request(options.client, token);
  request.timeout = options.request_timeout;
  fetch_retrying(self, http, std::move(request), options.retries)
      .then(
          [this, answer, token](const http_response& response, uint32_t) {
            auto who = read_identity(response);
            if (who)
              logins.take(answer).deliver(hub_login{token, std::move(*who)});
            else
              fail(answer, who.error());
          },
          [this, answer](const caf::error& why) { fail(answer, hub_unasked(why)); });
}

void login_state::fail(uint64_t answer, const caf::error& why) {
  note(why);
  logins.take(answer).deliver(why);
}

void login_state::forget(const std::string& token) {
  auto key = sha256_hex(token);
  known.erase(key);
  for (auto& [id, asked] : asking)
    if (asked.key == key) asked.outdated = true;
}

login_actor::behavior_type login(login_actor::stateful_pointer<login_state> self,
                                 http_client_actor http, login_options options) {
  auto& state = self->state;
  state.http = std::move(http);
  state.known = lru_map<login_state::known_token>{options.cache_size};
  state.refused = lru_map<login_state::time_point>{options.cache_size};
  state.options = std::move(options);
  return state.make_behavior();
}

}  // namespace bindery
