#include "runtime/settings/load.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string.h>  // NOLINT(modernize-deprecated-headers): explicit_bzero
#include <string_view>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "runtime/settings/field_reader.hpp"

namespace bindery {

namespace {

constexpr size_t max_file_bytes = 1024 * 1024;
constexpr int max_depth = 32;
constexpr size_t max_nodes = 100'000;

/// Refuses what would take unbounded time or memory, as nested aliases do.
bool bounded(const YAML::Node& node, int depth, size_t& count) {
  if (depth > max_depth || ++count > max_nodes) return false;
  if (node.IsMap()) {
    for (const auto& item : node)
      if (!bounded(item.second, depth + 1, count)) return false;
  } else if (node.IsSequence()) {
    for (const auto& item : node)
      if (!bounded(item, depth + 1, count)) return false;
  }
  return true;
}

constexpr const char* helper_token_variable = "BINDERHUB_CONTAINER_REGISTRY_HELPER_AUTH_TOKEN";

/// Variables that hold what a child process must not see.
constexpr std::array<const char*, 7> secret_variables = {
    "JUPYTERHUB_API_TOKEN", "BINDERHUB_BUILD_TOKEN_SECRET", "GITHUB_ACCESS_TOKEN",
    "GITHUB_CLIENT_SECRET", "GITLAB_ACCESS_TOKEN",          "GITLAB_PRIVATE_TOKEN",
    helper_token_variable};

/// A JSON list of texts, as the hub gives scopes to its services.
bool read_list(const std::string& json, std::vector<std::string>& into) {
  const auto list = nlohmann::json::parse(json, nullptr, false);
  if (!list.is_array()) return false;
  std::vector<std::string> texts;
  for (const auto& item : list) {
    if (!item.is_string()) return false;
    texts.push_back(item.get<std::string>());
  }
  into = std::move(texts);
  return true;
}

/// What JupyterHub tells its services by the environment. The chart sets these for Bindery too.
void from_hub_environment(settings_report& report, const environment& env) {
  auto& all = report.values;
  auto& oauth = all.hub_oauth;
  auto value = [&](const char* name) { return env(name).value_or(""); };
  auto text = [&](const char* name, std::string& field) {
    if (auto found = value(name); !found.empty()) field = found;
  };
  text("JUPYTERHUB_CLIENT_ID", oauth.oauth_client_id);
  text("JUPYTERHUB_OAUTH_CALLBACK_URL", oauth.oauth_redirect_uri);
  text("JUPYTERHUB_API_URL", oauth.api_url);
  auto service = value("JUPYTERHUB_SERVICE_NAME");
  auto scopes = value("JUPYTERHUB_OAUTH_ACCESS_SCOPES");
  if (!scopes.empty() && !read_list(scopes, oauth.access_scopes))
    report.problems.push_back(
        "JUPYTERHUB_OAUTH_ACCESS_SCOPES: expected a JSON list of texts, such as "
        "[\"access:services!service=binder\"]");
  if (oauth.access_scopes.empty() && !service.empty())
    oauth.access_scopes = {"access:services!service=" + service};
  // A terminal in somebody's own server has a prefix too, which is none of ours.
  if (all.binder_hub.base_url == "/" && (all.binder_hub.auth_enabled || !service.empty()))
    text("JUPYTERHUB_SERVICE_PREFIX", all.binder_hub.base_url);
  auto& launcher = all.launcher;
  if (auto allowed = value("JUPYTERHUB_ALLOW_NAMED_SERVERS"); !allowed.empty())
    launcher.allow_named_servers = allowed == "true";
  if (auto limit = value("JUPYTERHUB_NAMED_SERVER_LIMIT_PER_USER"); !limit.empty()) {
    auto [end, why] = std::from_chars(limit.data(), limit.data() + limit.size(),
                                      launcher.named_server_limit_per_user);
    if (why != std::errc{} || end != limit.data() + limit.size())
      report.problems.push_back(
          "JUPYTERHUB_NAMED_SERVER_LIMIT_PER_USER: expected a number, got \"" +
          limit.substr(0, 80) + "\"");
  }
  launcher.allow_named_servers |= all.binder_hub.use_named_servers;
}

void from_environment(settings& all, const environment& env) {
  auto hidden = [&](const char* name, secret& field) {
    // Charts set variables to nothing for what the file has.
    if (auto value = env(name); value && !value->empty()) field = secret{*value};
  };
  auto text = [&](const char* name, std::string& field) {
    if (auto value = env(name); value && !value->empty()) field = *value;
  };
  hidden("JUPYTERHUB_API_TOKEN", all.binder_hub.hub_api_token);
  hidden("BINDERHUB_BUILD_TOKEN_SECRET", all.binder_hub.build_token_secret);
  hidden("GITHUB_ACCESS_TOKEN", all.github.access_token);
  hidden("GITHUB_CLIENT_SECRET", all.github.client_secret);
  text("GITHUB_CLIENT_ID", all.github.client_id);
  hidden("GITHUB_ACCESS_TOKEN", all.gist.access_token);
  hidden("GITHUB_CLIENT_SECRET", all.gist.client_secret);
  text("GITHUB_CLIENT_ID", all.gist.client_id);
  hidden("GITLAB_ACCESS_TOKEN", all.gitlab.access_token);
  hidden("GITLAB_PRIVATE_TOKEN", all.gitlab.private_token);
  hidden(helper_token_variable, all.registry_helper.auth_token);
}

void normalise(settings& all) {
  auto slashed = [](std::string& url) {
    if (!url.empty() && url.back() != '/') url += '/';
  };
  auto& hub = all.binder_hub;
  if (hub.base_url.empty() || hub.base_url.front() != '/') hub.base_url = "/" + hub.base_url;
  slashed(hub.base_url);
  slashed(hub.badge_base_url);
  slashed(hub.hub_url);
  slashed(hub.hub_url_local);
  if (hub.hub_url_local.empty()) hub.hub_url_local = hub.hub_url;
}

/// What is named and not there would build, or look for images, in the wrong place.
void check_classes(settings_report& report) {
  if (report.values.binder_hub.build_class == "KubernetesBuildExecutor")
    report.problems.push_back(
        "BinderHub.build_class: builds in Kubernetes come with a later release; leave the setting "
        "out, or set LocalRepo2dockerBuild, to build with repo2docker on this machine");
}

/// Without a scheme such a base would be no URL, and each launch would fail.
void check_urls(settings_report& report) {
  const auto& all = report.values;
  auto check = [&](const std::string& path, const std::string& url) {
    if (!url.starts_with("http://") && !url.starts_with("https://"))
      report.problems.push_back(path + ": expected an http:// or https:// URL, got \"" +
                                url.substr(0, 80) + "\"");
  };
  check("ZenodoProvider.doi_base_url", all.zenodo.doi_base_url);
  check("FigshareProvider.doi_base_url", all.figshare.doi_base_url);
  check("FigshareProvider.api_base_url", all.figshare.api_base_url);
  check("HydroshareProvider.api_base_url", all.hydroshare.api_base_url);
  check("DataverseProvider.doi_base_url", all.dataverse.doi_base_url);
  check("ExternalRegistryHelper.service_url", all.registry_helper.service_url);
  if (!all.github.raw_base_url.empty())
    check("GitHubRepoProvider.raw_base_url", all.github.raw_base_url);
  if (!all.gitlab.raw_base_url.empty())
    check("GitLabRepoProvider.raw_base_url", all.gitlab.raw_base_url);
  if (!all.bindery.pre_launch_url.empty())
    check("Bindery.pre_launch_url", all.bindery.pre_launch_url);
}

/// Upstream also takes a function here, which settings files write in more ways than one.
void check_badge_base_url(settings_report& report) {
  const auto& url = report.values.binder_hub.badge_base_url;
  if (url.empty() || url.starts_with("http://") || url.starts_with("https://") ||
      url.starts_with("/"))
    return;
  report.problems.push_back(
      "BinderHub.badge_base_url: expected an http:// or https:// URL or a path, got \"" +
      url.substr(0, 80) +
      "\"; functions cannot be run here: leave it out, and badges have the address by which the "
      "page was asked for");
}

/// Without these nobody could log in, or everybody who has a token of the hub could.
void require_logins(settings_report& report) {
  const auto& oauth = report.values.hub_oauth;
  if (oauth.oauth_client_id.empty())
    report.problems.push_back(
        "HubOAuth.oauth_client_id: logins (BinderHub.auth_enabled) need the client id that "
        "JupyterHub has for this service; set it, or JUPYTERHUB_CLIENT_ID in the environment");
  if (oauth.access_scopes.empty())
    report.problems.push_back(
        "HubOAuth.access_scopes: logins (BinderHub.auth_enabled) need to know whom to let in; set "
        "it to [\"access:services!service=<the service's name>\"], or JUPYTERHUB_SERVICE_NAME in "
        "the environment");
  for (const auto& [path, url] :
       {std::pair<const char*, const std::string&>{"HubOAuth.oauth_authorization_url",
                                                   oauth.oauth_authorization_url},
        {"HubOAuth.api_url", oauth.api_url}})
    if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
      report.problems.push_back(
          path + (": expected an http:// or https:// URL, got \"" + url.substr(0, 80) + "\""));
}

}  // namespace

void forget_secret_variables() {
  for (const std::string_view name : secret_variables) {
    // The process's environment, as /proc and `ps e` show it, is what it was started with.
    for (auto** entry = environ; *entry != nullptr; ++entry)
      if (std::string_view text{*entry};
          text.starts_with(name) && text.substr(name.size(), 1) == "=")
        ::explicit_bzero(*entry + name.size() + 1, text.size() - name.size() - 1);
    ::unsetenv(name.data());
  }
}

environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>{value} : std::nullopt;
  };
}

settings_report parse_settings(const std::string& text, const std::string& name,
                               const environment& env, const settings& defaults) {
  settings_report report;
  report.values = defaults;
  if (auto host = env("DOCKER_HOST"); host && !host->empty())
    report.values.bindery.container_engine = *host;
  if (text.size() > max_file_bytes) {
    report.problems.push_back(name + ": larger than " + std::to_string(max_file_bytes) +
                              " bytes; a settings file is never that long");
    return report;
  }
  YAML::Node file;
  try {
    file = YAML::Load(text);
    size_t count = 0;
    if (!bounded(file, 0, count)) {
      report.problems.push_back(name +
                                ": nested too deep or too large once its aliases are "
                                "followed");
      return report;
    }
  } catch (const YAML::Exception& fault) {
    report.problems.push_back(name + ": not valid YAML: " + fault.what());
    return report;
  }
  if (file.IsMap() && file.size() == 1 && std::as_const(file)["config"].IsDefined())
    file = file["config"];
  if (!file.IsNull() && !file.IsMap()) {
    report.problems.push_back(name + ": expected a map of sections such as \"BinderHub:\"");
    return report;
  }
  try {
    field_reader reader{file};
    declare(reader, report.values);
    reader.finish();
    report.problems = std::move(reader.problems);
    report.warnings = std::move(reader.warnings);
  } catch (const YAML::Exception& fault) {
    report.problems.push_back(name + ": " + fault.what());
  }
  from_environment(report.values, env);
  from_hub_environment(report, env);
  normalise(report.values);
  check_urls(report);
  check_badge_base_url(report);
  check_classes(report);
  return report;
}

settings_report load_settings(const std::string& path, const environment& env,
                              const settings& defaults) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in) {
    settings_report report;
    report.problems.push_back(path +
                              ": cannot be read; check that the file exists and may be read");
    return report;
  }
  return parse_settings(text.str(), path, env, defaults);
}

void require_serving(settings_report& report) {
  const auto& hub = report.values.binder_hub;
  if (hub.hub_api_token.empty())
    report.problems.push_back(
        "BinderHub.hub_api_token: a token for JupyterHub is needed; set it, "
        "or JUPYTERHUB_API_TOKEN in the environment");
  if (hub.hub_url.empty())
    report.problems.push_back(
        "BinderHub.hub_url: the address of JupyterHub is needed, such as "
        "https://hub.example.org/");
  if (!report.values.launcher.create_user && !hub.auth_enabled)
    report.problems.push_back(
        "Launcher.create_user: without temporary users nobody can launch but who is logged in; set "
        "BinderHub.auth_enabled to true, or leave this setting out");
  if (hub.auth_enabled) require_logins(report);
  for (const auto* url : {&hub.hub_url, &hub.hub_url_local})
    if (!url->empty() && !url->starts_with("http://") && !url->starts_with("https://"))
      report.problems.push_back("BinderHub.hub_url: expected an http:// or https:// URL, got \"" +
                                url->substr(0, 80) + "\"");
}

}  // namespace bindery
