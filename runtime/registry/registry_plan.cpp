#include "runtime/registry/registry_plan.hpp"

#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/log.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

constexpr const char* docker_hub_host = "docker.io";
constexpr const char* docker_hub_url = "https://registry-1.docker.io";
constexpr const char* metadata_token_url =
    "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token";

/// The part of an image prefix that names a registry, by docker's own rule; "" for Docker Hub.
std::string host_of_prefix(std::string_view image_prefix) {
  auto slash = image_prefix.find('/');
  if (slash == std::string_view::npos) return "";
  auto host = image_prefix.substr(0, slash);
  auto names_a_host = host.find_first_of(".:") != std::string_view::npos || host == "localhost";
  return names_a_host && docker_registry_host(host) != docker_hub_host ? std::string{host} : "";
}

std::string with_scheme(const std::string& host) {
  return (is_loopback("http://" + host) ? "http://" : "https://") + host;
}

/// Base URL of the registry that a key of docker's configuration means.
std::string url_of_key(const std::string& key) {
  auto host = docker_registry_host(key);
  if (host == docker_hub_host) return docker_hub_url;
  return key.starts_with("http://") ? "http://" + host : "https://" + host;
}

std::string choose_url(const settings& all, const docker_config& docker) {
  const auto& given = all.docker_registry.url;
  if (!given.empty()) {
    if (given.find("://") == std::string::npos) return with_scheme(given);
    if (docker_registry_host(given) == docker_hub_host) return docker_hub_url;
    // Docker's own files write the API's version too.
    auto url = given;
    while (url.ends_with('/')) url.pop_back();
    if (url.ends_with("/v1") || url.ends_with("/v2")) url.resize(url.size() - 3);
    return url;
  }
  if (auto host = host_of_prefix(all.binder_hub.image_prefix); !host.empty()) {
    const auto* login = find_docker_login(docker, host);
    bool plain = login != nullptr && login->key.starts_with("http://");
    return plain ? "http://" + host : with_scheme(host);
  }
  // A prefix that names no host means Docker Hub, whatever else somebody has a login for.
  if (all.binder_hub.image_prefix.empty() && !docker.logins.empty())
    return url_of_key(docker.logins.front().key);
  return docker_hub_url;
}

std::string default_token_url(const std::string& host, bool google) {
  if (google) return metadata_token_url;
  if (host == docker_hub_host) return "https://auth.docker.io/token?service=registry.docker.io";
  if (host == "gcr.io" || host.ends_with(".gcr.io"))
    return "https://" + host + "/v2/token?service=" + host;
  return {};
}

/// The settings' login, else docker's.
void add_login(const docker_registry_settings& given, const docker_config& docker,
               registry_address& address) {
  address.username = given.username;
  address.password = given.password.reveal();
  if (!address.username.empty()) return;
  const auto& wanted = given.auth_config_url.empty() ? address.url : given.auth_config_url;
  const auto* login = find_docker_login(docker, wanted);
  if (login == nullptr || login->empty()) {
    if (!given.auth_config_url.empty() || login != nullptr)
      log_line(log_level::warning, "docker's configuration has no login for the registry",
               {{"registry", shown_url(wanted)}});
    return;
  }
  address.identity_token = login->identity_token.reveal();
  if (!address.identity_token.empty()) return;
  address.username = login->username;
  address.password = login->password.reveal();
}

/// The operator's `config.json`, and in it the identity token under the name that docker looks for.
/// Everything else in the file stays, for the builds that pull from other registries.
std::string config_for_pushing(const docker_config& docker, const registry_plan& plan) {
  if (plan.address.identity_token.empty()) return docker.named ? docker.text.reveal() : "";
  auto file = nlohmann::json::parse(docker.text.reveal(), nullptr, false);
  if (!file.is_object()) file = nlohmann::json::object();
  file["auths"][plan.push_registry] = {{"identitytoken", plan.address.identity_token}};
  // Where others' logins are with a credential helper, docker must not ask it for this one.
  if (file.contains("credsStore") || file.contains("credHelpers"))
    file["credHelpers"][plan.push_registry] = "";
  return file.dump();
}

std::string credentials_of(const settings& all, const registry_plan& plan) {
  const auto& given = all.build.registry_credentials;
  if (!given.empty()) {
    nlohmann::json fields;
    for (const auto& [name, value] : given) fields[name] = value.reveal();
    if (!fields.contains("registry")) fields["registry"] = plan.push_registry;
    return fields.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  const auto& address = plan.address;
  return address.username.empty()
             ? std::string{}
             : push_credentials_json(plan.push_registry, address.username, address.password);
}

}  // namespace

caf::expected<registry_plan> plan_registry(const settings& all, const docker_config& docker) {
  registry_plan plan;
  auto& address = plan.address;
  const auto& given = all.docker_registry;
  address.url = choose_url(all, docker);
  if (!address.url.starts_with("http://") && !address.url.starts_with("https://"))
    return make_error(errc::bad_settings,
                      "DockerRegistry.url: expected an http:// or https:// URL, got \"" +
                          shown_url(address.url) + "\"");
  if (has_control(given.username))
    return make_error(errc::bad_settings,
                      "DockerRegistry.username holds a line break or another control character");
  auto host = docker_registry_host(address.url);
  address.google_metadata = all.binder_hub.registry_class == "GoogleArtifactRegistry";
  address.token_url =
      given.token_url.empty() ? default_token_url(host, address.google_metadata) : given.token_url;
  address.not_found_401 =
      given.not_found_401.empty() ? host == docker_hub_host : given.not_found_401 == "yes";
  add_login(given, docker, address);
  // Images are pushed to where their name says, which may be another name of the same registry.
  auto named = host_of_prefix(all.binder_hub.image_prefix);
  plan.push_registry = docker_login_key(named.empty() ? host : named);
  plan.push_credentials = credentials_of(all, plan);
  plan.docker_config = config_for_pushing(docker, plan);
  return plan;
}

std::string push_credentials_json(const std::string& registry, const std::string& username,
                                  const std::string& password) {
  nlohmann::json fields{{"registry", registry}, {"username", username}, {"password", password}};
  return fields.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace bindery
