#include "runtime/registry/docker_config.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/log.hpp"
#include "runtime/net/url.hpp"
#include "runtime/text/base64.hpp"

namespace bindery {

namespace {

using json = nlohmann::ordered_json;

constexpr uintmax_t max_file_bytes = 1024 * 1024;
constexpr std::string_view docker_hub = "docker.io";
constexpr const char* docker_hub_key = "https://index.docker.io/v1/";

caf::error refuse(const std::string& why) {
  return make_error(errc::bad_settings, why);
}

/// A text of an entry, "" where it is absent.
caf::expected<std::string> text_at(const json& entry, const char* name, const std::string& path) {
  if (!entry.contains(name) || entry[name].is_null()) return std::string{};
  if (!entry[name].is_string()) return refuse(path + "." + name + " is not a text");
  auto text = entry[name].get<std::string>();
  if (has_control(text) && std::string_view{name} != "auth")
    return refuse(path + "." + name + " holds a line break or another control character");
  return text;
}

/// Takes `name:password` out of `auth`.
caf::error read_auth(const std::string& auth, const std::string& path, docker_login& login) {
  auto plain = from_base64(auth);
  if (!plain) return refuse(path + ".auth is not base64");
  // Docker itself passes over zero bytes at the end.
  while (plain->ends_with('\0')) plain->pop_back();
  auto colon = plain->find(':');
  if (colon == std::string::npos || colon == 0)
    return refuse(path + ".auth is not the base64 of a name, a colon and a password");
  if (has_control(*plain) || !is_utf8(*plain))
    return refuse(path +
                  ".auth holds a line break or another character that no login has: was it "
                  "encoded together with the end of a line?");
  login.username = plain->substr(0, colon);
  login.password = secret{plain->substr(colon + 1)};
  return {};
}

caf::expected<docker_login> read_login(const std::string& key, const json& entry) {
  // A key may be anything; an error shows no more than its host.
  auto path = "auths[\"" + shown_url(key) + "\"]";
  if (!entry.is_object()) return refuse(path + " is not an object");
  docker_login login;
  login.key = key;
  auto auth = text_at(entry, "auth", path);
  auto username = text_at(entry, "username", path);
  auto password = text_at(entry, "password", path);
  auto token = text_at(entry, "identitytoken", path);
  for (auto* each : {&auth, &username, &password, &token})
    if (!*each) return std::move(each->error());
  login.username = std::move(*username);
  login.password = secret{std::move(*password)};
  login.identity_token = secret{std::move(*token)};
  if (!auth->empty())
    if (auto why = read_auth(*auth, path, login)) return why;
  return login;
}

/// Host and port of a URL or key, as they are written.
std::string_view written_host(std::string_view key_or_url) {
  if (auto scheme = key_or_url.find("://"); scheme != std::string_view::npos)
    key_or_url.remove_prefix(scheme + 3);
  return key_or_url.substr(0, key_or_url.find('/'));
}

caf::expected<std::string> read_file(const std::string& path) {
  std::error_code failed;
  // Anything else, such as a pipe, might keep us waiting.
  if (!std::filesystem::is_regular_file(path, failed))
    return refuse("it is not there, or is no file");
  if (std::filesystem::file_size(path, failed) > max_file_bytes || failed)
    return refuse("it is larger than " + std::to_string(max_file_bytes) + " bytes");
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in.is_open() || in.bad()) return refuse("it cannot be read; check its permissions");
  return text;
}

std::string default_path(const environment& env) {
  if (auto folder = env("DOCKER_CONFIG"); folder && !folder->empty())
    return *folder + "/config.json";
  auto home = env("HOME");
  return home && !home->empty() ? *home + "/.docker/config.json" : std::string{};
}

}  // namespace

caf::expected<docker_config> parse_docker_config(std::string_view text) {
  if (text.size() > max_file_bytes)
    return refuse("it is larger than " + std::to_string(max_file_bytes) + " bytes");
  auto file = json::parse(text, nullptr, false);
  if (file.is_discarded()) return refuse("it is not JSON");
  if (!file.is_object()) return refuse("it is not a JSON object");
  docker_config config;
  if (!file.contains("auths") || file["auths"].is_null()) return config;
  const auto& auths = file["auths"];
  if (!auths.is_object()) return refuse("auths is not an object");
  for (const auto& [key, entry] : auths.items()) {
    auto login = read_login(key, entry);
    if (!login) return std::move(login.error());
    config.logins.push_back(std::move(*login));
  }
  return config;
}

std::string docker_registry_host(std::string_view key_or_url) {
  std::string host{written_host(key_or_url)};
  for (auto& c : host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  auto is_hub = host == docker_hub || host.ends_with(".docker.io") || host.ends_with(".docker.com");
  return is_hub ? std::string{docker_hub} : host;
}

std::string docker_login_key(const std::string& host) {
  return host == docker_hub ? docker_hub_key : host;
}

const docker_login* find_docker_login(const docker_config& config, std::string_view key_or_url) {
  auto first = [&](auto fits) -> const docker_login* {
    auto found = std::find_if(config.logins.begin(), config.logins.end(), fits);
    return found == config.logins.end() ? nullptr : &*found;
  };
  if (const auto* exact = first([&](const auto& one) { return one.key == key_or_url; }))
    return exact;
  auto host = docker_registry_host(key_or_url);
  if (const auto* same =
          first([&](const auto& one) { return docker_registry_host(one.key) == host; }))
    return same;
  // Another port is another server, and its operator may be somebody else.
  if (!host.ends_with(":443") && !host.ends_with(":80")) return nullptr;
  auto bare = host.substr(0, host.rfind(':'));
  return first([&](const auto& one) { return docker_registry_host(one.key) == bare; });
}

caf::expected<docker_config> load_docker_config(const std::string& docker_config_path,
                                                const environment& env) {
  auto named = !docker_config_path.empty();
  auto path = named ? docker_config_path : default_path(env);
  std::error_code failed;
  if (!named && (path.empty() || !std::filesystem::exists(path, failed))) return docker_config{};
  auto text = read_file(path);
  auto config = text ? parse_docker_config(*text) : caf::expected<docker_config>{text.error()};
  if (!config) {
    auto why = "docker's configuration " + path + " cannot be used: " + describe(config.error());
    if (named) return refuse("DockerRegistry.docker_config_path: " + why);
    log_line(log_level::warning, "docker's configuration is passed over", {{"why", why}});
    return docker_config{};
  }
  config->text = secret{std::move(*text)};
  config->named = named;
  return config;
}

}  // namespace bindery
