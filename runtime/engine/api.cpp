#include "runtime/engine/api.hpp"

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/net/json_message.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

http_request engine_request(const engine_address& engine, const std::string& path) {
  http_request request;
  request.url = engine.base_url + path;
  request.unix_socket = engine.unix_socket;
  request.headers = {{"Accept", "application/json"}};
  return request;
}

caf::error refusal(const http_response& response) {
  // Docker says `message`; Podman's own errors say `cause` too.
  auto words = json_message(response.body, {"message", "cause"});
  return make_error(errc::upstream_error, "The container engine answered " +
                                              std::to_string(response.status) +
                                              (words.empty() ? "" : ": " + words));
}

}  // namespace

http_request engine_version_request(const engine_address& engine) {
  return engine_request(engine, "/version");
}

http_request engine_image_request(const engine_address& engine, std::string_view image) {
  return engine_request(engine, "/images/" + percent_escape(image, "/:@") + "/json");
}

caf::expected<std::string> decode_engine_version(const http_response& response) {
  if (response.status != 200) return refusal(response);
  auto version = json_message(response.body, {"Version"});
  if (version.empty())
    return make_error(errc::bad_answer,
                      "What answers at the container engine's address tells no "
                      "version: is it a container engine?");
  return version;
}

caf::expected<bool> decode_engine_image(const http_response& response) {
  if (response.status == 200) return true;
  // An engine says so in JSON; anything else that answers 404 is no engine.
  if (response.status == 404 && !json_message(response.body, {"message", "cause"}).empty())
    return false;
  return refusal(response);
}

}  // namespace bindery
