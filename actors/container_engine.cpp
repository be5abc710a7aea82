#include "actors/container_engine.hpp"

#include <utility>

#include "runtime/error.hpp"
#include "runtime/net/curl_fault.hpp"
#include "runtime/net/service_fault.hpp"

namespace bindery {

container_engine_actor::behavior_type container_engine_state::make_behavior() {
  return {
      [this](exists_atom, const std::string& image) { return exists(image); },
      [this](check_atom) { return check(); },
  };
}

caf::result<bool> container_engine_state::exists(const std::string& image) {
  auto request = engine_image_request(options.engine, image);
  request.timeout = options.request_timeout;
  return ask<bool>(std::move(request), options.retries, decode_engine_image);
}

caf::result<std::string> container_engine_state::check() {
  auto request = engine_version_request(options.engine);
  request.timeout = options.check_timeout;
  return ask<std::string>(std::move(request), retry_policy{1}, decode_engine_version);
}

template <class T>
caf::result<T> container_engine_state::ask(http_request request, const retry_policy& policy,
                                           caf::expected<T> (*decode)(const http_response&)) {
  auto promise = self->make_response_promise();
  auto id = answers.add(promise);
  auto line = shown_request(request);
  fetch_retrying(self, client, std::move(request), policy)
      .then(
          [this, id, line, decode](const http_response& response, uint32_t) {
            auto asker = answers.take(id);
            if (auto value = decode(response))
              asker.deliver(std::move(*value));
            else
              asker.deliver(answered(line, value.error()));
          },
          [this, id](const caf::error& why) {
            answers.take(id).deliver(unasked("the container engine", why));
          });
  return promise;
}

container_engine_actor::behavior_type container_engine(
    container_engine_actor::stateful_pointer<container_engine_state> self, http_client_actor client,
    container_engine_options options) {
  self->state.client = std::move(client);
  self->state.options = std::move(options);
  return self->state.make_behavior();
}

}  // namespace bindery
