#include "runtime/registry/api.hpp"

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/net/authorization.hpp"
#include "runtime/net/json_message.hpp"
#include "runtime/net/url.hpp"
#include "runtime/registry/challenge.hpp"

namespace bindery {

namespace {

constexpr const char* manifest_types =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.docker.distribution.manifest.v2+json";

http_request registry_request(const registry_address& registry, const std::string& path) {
  http_request request;
  request.url = registry.url;
  while (!request.url.empty() && request.url.back() == '/') request.url.pop_back();
  request.url += path;
  request.max_redirects = 5;
  return request;
}

std::string with_words(const http_response& response, std::string sentence) {
  auto words = json_message(response.body, {"errors/0/message", "details", "message", "error"});
  return words.empty() ? sentence : sentence + ": " + words;
}

std::vector<auth_challenge> challenges_of(const http_response& response) {
  std::string all;
  for (const auto& [name, value] : response.headers)
    if (!find_header({{name, "x"}}, "www-authenticate").empty())
      all += (all.empty() ? "" : ", ") + value;
  return parse_challenges(all);
}

bool has_scheme(const std::string& url, std::string_view scheme) {
  return url.compare(0, scheme.size(), scheme) == 0;
}

}  // namespace

http_request registry_check_request(const registry_address& registry) {
  return registry_request(registry, "/v2/");
}

bool registry_serves(const http_response& response) {
  return response.status == 200 || response.status == 401;
}

http_request manifest_request(const registry_address& registry, const image_reference& image,
                              const std::string& authorization) {
  auto request = registry_request(registry, "/v2/" + percent_escape(image.name, "/") +
                                                "/manifests/" + percent_escape(image.tag, ":"));
  request.headers = {{"Accept", manifest_types}};
  if (!authorization.empty()) request.headers.emplace_back("Authorization", authorization);
  return request;
}

caf::error registry_refusal(const http_response& response) {
  return make_error(
      errc::upstream_error,
      with_words(response, "the registry answered " + std::to_string(response.status)));
}

caf::expected<manifest_answer> decode_manifest_answer(const http_response& response) {
  switch (response.status) {
    case 200:
      return manifest_answer::exists;
    case 404:
      return manifest_answer::absent;
    case 401:
      return manifest_answer::needs_login;
    case 403:
      return make_error(errc::forbidden, with_words(response, "the registry refuses this login"));
    default:
      return registry_refusal(response);
  }
}

std::string basic_authorization(const registry_address& registry) {
  if (registry.username.empty()) return {};
  return bindery::basic_authorization(registry.username, registry.password);
}

std::optional<registry_token_source> find_token_source(const registry_address& registry,
                                                       const image_reference& image,
                                                       const http_response& response) {
  auto pull = "repository:" + image.name + ":pull";
  for (const auto& challenge : challenges_of(response)) {
    if (challenge.scheme != "bearer") continue;
    registry_token_source source{challenge.parameter("realm"), challenge.parameter("service"),
                                 challenge.parameter("scope")};
    if (!registry.token_url.empty()) source.url = registry.token_url;
    if (source.scope.empty()) source.scope = pull;
    bool safe = !registry.token_url.empty() || has_scheme(source.url, "https://") ||
                (has_scheme(source.url, "http://") && !has_scheme(registry.url, "https://"));
    if (safe) return source;
  }
  if (registry.token_url.empty()) return std::nullopt;
  return registry_token_source{registry.token_url, {}, pull};
}

bool offers_basic(const http_response& response) {
  for (const auto& challenge : challenges_of(response))
    if (challenge.scheme == "basic") return true;
  return false;
}

http_request token_request(const registry_address& registry, const registry_token_source& source) {
  http_request request;
  request.url = source.url;
  if (registry.google_metadata) {
    request.headers = {{"Accept", "application/json"}, {"Metadata-Flavor", "Google"}};
    return request;
  }
  if (!registry.identity_token.empty()) {
    request.method = "POST";
    request.headers = {{"Accept", "application/json"},
                       {"Content-Type", "application/x-www-form-urlencoded"}};
    request.body =
        "grant_type=refresh_token&client_id=bindery&service=" + percent_escape(source.service) +
        "&scope=" + percent_escape(source.scope) +
        "&refresh_token=" + percent_escape(registry.identity_token);
    return request;
  }
  auto add = [&request](const char* name, const std::string& value) {
    if (value.empty()) return;
    request.url += request.url.find('?') == std::string::npos ? '?' : '&';
    request.url += name;
    request.url += '=' + percent_escape(value, ":/");
  };
  add("service", source.service);
  add("scope", source.scope);
  request.headers = {{"Accept", "application/json"}};
  if (auto basic = basic_authorization(registry); !basic.empty())
    request.headers.emplace_back("Authorization", std::move(basic));
  return request;
}

caf::expected<std::string> decode_token_answer(const http_response& response) {
  if (response.status == 401 || response.status == 403)
    return make_error(errc::forbidden,
                      with_words(response, "the registry's token service refuses this login"));
  if (response.status != 200)
    return make_error(errc::upstream_error,
                      with_words(response, "the registry's token service answered " +
                                               std::to_string(response.status)));
  auto json = nlohmann::json::parse(response.body, nullptr, false);
  for (const auto* key : {"token", "access_token"})
    if (json.is_object() && json.contains(key) && json[key].is_string() &&
        !json[key].get_ref<const std::string&>().empty())
      return json[key].get<std::string>();
  return make_error(errc::bad_answer, "the registry's token service answered without a token");
}

}  // namespace bindery
