#include "actors/registry_helper.hpp"

#include <utility>

#include "runtime/error.hpp"
#include "runtime/net/curl_fault.hpp"
#include "runtime/net/service_fault.hpp"

namespace bindery {

registry_actor::behavior_type registry_helper_state::make_behavior() {
  return {
      [this](exists_atom, const std::string& image) { return exists(image); },
      [this](login_atom, const std::string& image) { return login(image); },
      [this](check_atom) { return check(); },
  };
}

caf::result<bool> registry_helper_state::exists(const std::string& image) {
  auto parsed = parse_image_reference(image);
  if (!parsed) return parsed.error();
  auto promise = self->make_response_promise();
  auto id = answers.add(promise);
  ask(id, helper_repository_request(options.helper, *parsed), options.retries,
      [this, id, image = *parsed](const http_response& response) -> caf::error {
        auto there = decode_helper_answer(response);
        if (!there) return std::move(there.error());
        if (*there)
          ask_image(id, image);
        else
          create_repository(id, image);
        return {};
      });
  return promise;
}

void registry_helper_state::ask_image(uint64_t id, const image_reference& image) {
  ask(id, helper_image_request(options.helper, image), options.retries,
      [this, id](const http_response& response) -> caf::error {
        auto there = decode_helper_answer(response);
        if (!there) return std::move(there.error());
        answers.take(id).deliver(*there);
        return {};
      });
}

void registry_helper_state::create_repository(uint64_t id, const image_reference& image) {
  ask(id, helper_create_request(options.helper, image), options.retries,
      [this, id](const http_response& response) -> caf::error {
        auto made = decode_helper_answer(response);
        if (!made) return std::move(made.error());
        if (!*made)
          return make_error(errc::upstream_error,
                            "the registry helper could not make a repository: it answered 404");
        answers.take(id).deliver(false);
        return {};
      });
}

caf::result<std::string> registry_helper_state::login(const std::string& image) {
  auto parsed = parse_image_reference(image);
  if (!parsed) return parsed.error();
  auto promise = self->make_response_promise();
  auto id = answers.add(promise);
  ask(id, helper_token_request(options.helper, *parsed), options.retries,
      [this, id](const http_response& response) -> caf::error {
        auto credentials = decode_helper_token(response, options.push_registry);
        if (!credentials) return std::move(credentials.error());
        answers.take(id).deliver(credentials->empty() ? options.push_credentials : *credentials);
        return {};
      });
  return promise;
}

caf::result<void> registry_helper_state::check() {
  auto promise = self->make_response_promise();
  auto id = answers.add(promise);
  auto request = helper_check_request(options.helper);
  ask(id, std::move(request), retry_policy{1},
      [this, id](const http_response& response) -> caf::error {
        // A service of the operator's own may know no such page: it runs all the same.
        auto answered = decode_helper_answer(response);
        if (!answered) return std::move(answered.error());
        answers.take(id).deliver(caf::unit);
        return {};
      });
  return promise;
}

void registry_helper_state::ask(uint64_t id, http_request request, const retry_policy& retries,
                                std::function<caf::error(const http_response&)> then) {
  request.timeout = retries.attempts > 1 ? options.request_timeout : options.check_timeout;
  auto line = shown_request(request);
  fetch_retrying(self, client, std::move(request), retries)
      .then(
          [this, id, line, then = std::move(then)](const http_response& response, uint32_t) {
            if (auto why = then(response)) answers.take(id).deliver(answered(line, why));
          },
          [this, id](const caf::error& why) {
            answers.take(id).deliver(unasked("the registry helper", why));
          });
}

registry_actor::behavior_type registry_helper(
    registry_actor::stateful_pointer<registry_helper_state> self, http_client_actor client,
    registry_helper_options options) {
  self->state.client = std::move(client);
  self->state.options = std::move(options);
  return self->state.make_behavior();
}

}  // namespace bindery
