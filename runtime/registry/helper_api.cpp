#include "runtime/registry/helper_api.hpp"

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/net/json_message.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

http_request helper_request(const registry_helper_address& helper, const char* method,
                            const std::string& path) {
  http_request request;
  request.method = method;
  request.url = helper.url;
  while (!request.url.empty() && request.url.back() == '/') request.url.pop_back();
  request.url += path;
  request.headers = {{"Accept", "application/json"}};
  if (!helper.token.empty())
    request.headers.emplace_back("Authorization", "Bearer " + helper.token);
  return request;
}

std::string with_tag(const image_reference& image) {
  return percent_escape(image.name, "/") + ":" + percent_escape(image.tag, ":");
}

}  // namespace

http_request helper_repository_request(const registry_helper_address& helper,
                                       const image_reference& image) {
  return helper_request(helper, "GET", "/repo/" + percent_escape(image.name, "/"));
}

http_request helper_create_request(const registry_helper_address& helper,
                                   const image_reference& image) {
  return helper_request(helper, "POST", "/repo/" + percent_escape(image.name, "/"));
}

http_request helper_image_request(const registry_helper_address& helper,
                                  const image_reference& image) {
  return helper_request(helper, "GET", "/image/" + with_tag(image));
}

http_request helper_token_request(const registry_helper_address& helper,
                                  const image_reference& image) {
  return helper_request(helper, "POST", "/token/" + with_tag(image));
}

http_request helper_check_request(const registry_helper_address& helper) {
  return helper_request(helper, "GET", "/health");
}

caf::expected<bool> decode_helper_answer(const http_response& response) {
  if (response.status / 100 == 2) return true;
  if (response.status == 404) return false;
  auto words = json_message(response.body, {"error", "message"});
  auto sentence = "the registry helper answered " + std::to_string(response.status) +
                  (words.empty() ? "" : ": " + words);
  if (response.status == 401 || response.status == 403)
    return make_error(errc::forbidden, sentence + "; check ExternalRegistryHelper.auth_token",
                      sentence);
  return make_error(errc::upstream_error, sentence);
}

caf::expected<std::string> decode_helper_token(const http_response& response,
                                               const std::string& registry) {
  auto found = decode_helper_answer(response);
  if (!found) return std::move(found.error());
  if (!*found) return std::string{};
  auto answer = nlohmann::json::parse(response.body, nullptr, false);
  nlohmann::json login;
  for (const char* field : {"username", "password", "registry"})
    if (answer.is_object() && answer.contains(field) && answer[field].is_string())
      login[field] = answer[field];
  if (!login.contains("username") || !login.contains("password"))
    return make_error(errc::bad_answer,
                      "the registry helper answered with a login that has no user name or no "
                      "password");
  if (login.value("registry", "").empty()) login["registry"] = registry;
  return login.dump();
}

}  // namespace bindery
