#include "runtime/settings/load.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

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

/// Variables that hold what a child process must not see.
constexpr std::array<const char*, 6> secret_variables = {
    "JUPYTERHUB_API_TOKEN", "BINDERHUB_BUILD_TOKEN_SECRET", "GITHUB_ACCESS_TOKEN",
    "GITHUB_CLIENT_SECRET", "GITLAB_ACCESS_TOKEN",          "GITLAB_PRIVATE_TOKEN"};

void from_environment(settings& all, const environment& env) {
  auto hidden = [&](const char* name, secret& field) {
    if (auto value = env(name)) field = secret{*value};
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

/// Without a scheme such a base would be no URL, and each launch would fail.
void check_base_urls(settings_report& report) {
  const auto& all = report.values;
  const std::pair<const char*, const std::string&> bases[] = {
      {"ZenodoProvider.doi_base_url", all.zenodo.doi_base_url},
      {"FigshareProvider.doi_base_url", all.figshare.doi_base_url},
      {"FigshareProvider.api_base_url", all.figshare.api_base_url},
      {"HydroshareProvider.api_base_url", all.hydroshare.api_base_url},
      {"DataverseProvider.doi_base_url", all.dataverse.doi_base_url},
  };
  for (const auto& [path, url] : bases)
    if (!url.starts_with("http://") && !url.starts_with("https://"))
      report.problems.push_back(
          path + (": expected an http:// or https:// URL, got \"" + url.substr(0, 80) + "\""));
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

}  // namespace

void forget_secret_variables() {
  for (const char* name : secret_variables) ::unsetenv(name);
}

environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>{value} : std::nullopt;
  };
}

settings_report parse_settings(const std::string& text, const std::string& name,
                               const environment& env) {
  settings_report report;
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
  normalise(report.values);
  check_base_urls(report);
  check_badge_base_url(report);
  return report;
}

settings_report load_settings(const std::string& path, const environment& env) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in) {
    settings_report report;
    report.problems.push_back(path +
                              ": cannot be read; check that the file exists and may be read");
    return report;
  }
  return parse_settings(text.str(), path, env);
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
  if (!report.values.launcher.create_user)
    report.problems.push_back(
        "Launcher.create_user: false is not supported yet: each launch has a temporary user; leave "
        "the setting out");
  for (const auto* url : {&hub.hub_url, &hub.hub_url_local})
    if (!url->empty() && !url->starts_with("http://") && !url->starts_with("https://"))
      report.problems.push_back("BinderHub.hub_url: expected an http:// or https:// URL, got \"" +
                                url->substr(0, 80) + "\"");
}

}  // namespace bindery
