#include "actors/registry.hpp"

#include <utility>

#include "runtime/error.hpp"
#include "runtime/net/curl_fault.hpp"
#include "runtime/net/service_fault.hpp"
#include "runtime/registry/registry_plan.hpp"

namespace bindery {

namespace {

/// Under which Google's registries take an access token for a password.
constexpr const char* google_token_user = "oauth2accesstoken";

constexpr const char* the_registry = "the registry";
constexpr const char* token_service = "the registry's token service";

bool is_passing_answer(const http_response& response) {
  return response.status >= 500 || response.status == 429;
}

}  // namespace

registry_actor::behavior_type registry_state::make_behavior() {
  return {
      [this](exists_atom, const std::string& image) { return exists(image); },
      [this](login_atom, const std::string&) { return login(); },
      [this](check_atom) { return check(); },
  };
}

caf::result<bool> registry_state::exists(const std::string& image) {
  auto parsed = parse_image_reference(image);
  if (!parsed) return parsed.error();
  auto promise = self->make_response_promise();
  question asked;
  asked.answer_id = answers.add(promise);
  asked.image = std::move(*parsed);
  if (options.registry.token_url.empty())
    ask_manifest(std::move(asked));
  else if (auto source = find_token_source(options.registry, asked.image, {}))
    fetch_token(std::move(asked), *source);
  return promise;
}

caf::result<std::string> registry_state::login() {
  if (!options.push_credentials.empty() || !options.registry.google_metadata)
    return options.push_credentials;
  auto request = token_request(options.registry, {options.registry.token_url, {}, {}});
  request.timeout = options.request_timeout;
  auto line = shown_request(request);
  auto promise = self->make_response_promise();
  auto id = answers.add(promise);
  fetch_retrying(self, client, std::move(request), options.retries, is_passing_answer)
      .then(
          [this, id, line](const http_response& response, uint32_t) {
            auto token = decode_token_answer(response);
            if (!token) return fail(id, line, token.error());
            answers.take(id).deliver(
                push_credentials_json(options.push_registry, google_token_user, *token));
          },
          [this, id](const caf::error& why) {
            answers.take(id).deliver(unasked(token_service, why));
          });
  return promise;
}

caf::result<void> registry_state::check() {
  auto request = registry_check_request(options.registry);
  request.timeout = options.check_timeout;
  auto promise = self->make_response_promise();
  auto id = answers.add(promise);
  auto line = shown_request(request);
  fetch_retrying(self, client, std::move(request), retry_policy{1})
      .then(
          [this, id, line](const http_response& response, uint32_t) {
            if (registry_serves(response)) return answers.take(id).deliver(caf::unit);
            fail(id, line, registry_refusal(response));
          },
          [this, id](const caf::error& why) {
            answers.take(id).deliver(unasked(the_registry, why));
          });
  return promise;
}

void registry_state::ask_manifest(question asked) {
  auto request = manifest_request(options.registry, asked.image, asked.authorization);
  request.timeout = options.request_timeout;
  auto line = shown_request(request);
  auto id = asked.answer_id;
  fetch_retrying(self, client, std::move(request), options.retries, is_passing_answer)
      .then([this, asked = std::move(asked), line](
                const http_response& response, uint32_t) { on_manifest(asked, line, response); },
            [this, id](const caf::error& why) {
              answers.take(id).deliver(unasked(the_registry, why));
            });
}

void registry_state::on_manifest(question asked, const std::string& line,
                                 const http_response& response) {
  auto answer = decode_manifest_answer(response);
  if (!answer) return fail(asked.answer_id, line, answer.error());
  if (*answer == manifest_answer::needs_login && !asked.logged_in)
    return log_in(std::move(asked), line, response);
  if (*answer == manifest_answer::needs_login && !options.registry.not_found_401)
    return fail(asked.answer_id, line,
                make_error(errc::forbidden,
                           "the registry refuses this login; check its user name and password in "
                           "the settings or in docker's config.json",
                           "the registry refuses this site's login"));
  if (*answer == manifest_answer::absent && !asked.logged_in) {
    // Some show strangers a part of their images, and deny the rest as if it were not there.
    asked.authorization = basic_authorization(options.registry);
    asked.logged_in = true;
    if (!asked.authorization.empty()) return ask_manifest(std::move(asked));
  }
  answers.take(asked.answer_id).deliver(*answer == manifest_answer::exists);
}

void registry_state::log_in(question asked, const std::string& line,
                            const http_response& response) {
  if (auto source = find_token_source(options.registry, asked.image, response))
    return fetch_token(std::move(asked), *source);
  auto basic = basic_authorization(options.registry);
  if (offers_basic(response) && !basic.empty()) {
    asked.logged_in = true;
    asked.authorization = std::move(basic);
    return ask_manifest(std::move(asked));
  }
  if (options.registry.not_found_401) return answers.take(asked.answer_id).deliver(false);
  fail(asked.answer_id, line,
       make_error(errc::forbidden,
                  "the registry wants a login; set its user name and password in the settings or "
                  "in docker's config.json",
                  "the registry wants a login, and this site has none"));
}

void registry_state::fetch_token(question asked, const registry_token_source& source) {
  auto request = token_request(options.registry, source);
  request.timeout = options.request_timeout;
  auto line = shown_request(request);
  auto id = asked.answer_id;
  asked.logged_in = true;
  fetch_retrying(self, client, std::move(request), options.retries, is_passing_answer)
      .then(
          [this, asked = std::move(asked), line](const http_response& response, uint32_t) {
            auto token = decode_token_answer(response);
            if (!token) return fail(asked.answer_id, line, token.error());
            auto next = asked;
            next.authorization = "Bearer " + *token;
            ask_manifest(std::move(next));
          },
          [this, id](const caf::error& why) {
            answers.take(id).deliver(unasked(token_service, why));
          });
}

void registry_state::fail(uint64_t answer_id, const std::string& line, const caf::error& why) {
  answers.take(answer_id).deliver(answered(line, why));
}

registry_actor::behavior_type registry(registry_actor::stateful_pointer<registry_state> self,
                                       http_client_actor client, registry_options options) {
  self->state.client = std::move(client);
  self->state.options = std::move(options);
  return self->state.make_behavior();
}

}  // namespace bindery
