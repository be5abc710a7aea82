// Every setting in one table: name, place, range and meaning. Reading and reference come from here.
#include "runtime/settings/field_visitor.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

namespace {

constexpr int64_t a_day = 24 * 3600;
constexpr int64_t many = 1'000'000;
constexpr const char* private_hosts_meaning =
    "Hosts of private networks, without port, that may be asked all the same; \"*\" for all";
constexpr std::string_view push_secret_doc =
    "Name of the secret with the login for pushing; null: only images with credentials are pushed";

/// Upstream hands `tornado_settings` to its web server; of those that operators set, one is a
/// matter of what is served, not of that server.
void declare_answers(field_visitor& v, binder_hub_settings& s) {
  v.begin_nested("tornado_settings");
  v.pairs("headers", s.headers, "Fields that every answer carries");
  v.not_yet("debug", "use BinderHub.debug");
  for (const char* key : {"autoreload", "serve_traceback", "compress_response", "gzip"})
    v.not_yet(key, "answers are compressed where clients accept it, and show no stack traces");
  v.removed("xheaders", "name the proxies that are believed in Bindery.trusted_proxies");
  v.removed("trust_xheaders", "name the proxies that are believed in Bindery.trusted_proxies");
  v.removed("static_path", "further files are served from BinderHub.extra_static_path");
  v.removed("static_url_prefix", "use BinderHub.extra_static_url_prefix");
  v.removed("template_path", "use BinderHub.template_path");
  v.removed("cookie_secret", "no cookies are signed here; leave it out");
  v.removed("log_function", "use Bindery.log_format and Bindery.log_level");
  v.removed("max_body_size", "use Bindery.max_body_bytes");
  v.end_nested();
}

/// What traitlets gives every program that is made with it.
void declare_application(field_visitor& v) {
  v.not_yet("log_level", "use Bindery.log_level");
  for (const char* key : {"log_format", "log_datefmt", "logging_config"})
    v.not_yet(key, "use Bindery.log_format");
  v.not_yet("config_file", "this file is the only one");
  for (const char* key : {"show_config", "show_config_json"}) v.not_yet(key, "use bindery check");
}

void declare_binder_hub(field_visitor& v, binder_hub_settings& s) {
  v.section("BinderHub", "The node itself, under BinderHub's own names");
  v.alias("docker_image_prefix", "image_prefix");
  v.alias("docker_push_secret", "push_secret");
  v.integer("port", s.port, 0, 65535, "Port to listen on; 0 picks a free one");
  v.text("base_url", s.base_url, "Path under which everything is served");
  v.text("badge_base_url", s.badge_base_url,
         "Base of badge links, and BINDER_LAUNCH_HOST of servers, where not our own: a URL or a "
         "/path");
  v.text("hub_url", s.hub_url, "JupyterHub as browsers reach it");
  v.text("hub_url_local", s.hub_url_local, "JupyterHub as Bindery reaches it");
  v.hidden("hub_api_token", s.hub_api_token, "Token for JupyterHub (JUPYTERHUB_API_TOKEN)");
  v.text("image_prefix", s.image_prefix, "Start of every image's name, with the registry");
  v.boolean("use_registry", s.use_registry, "Look for images in a registry and push them there");
  v.text_or_none("push_secret", s.push_secret, push_secret_doc);
  v.older_place("push_secret", "BuildExecutor.push_secret");
  v.boolean("enable_api_only_mode", s.enable_api_only_mode, "Serve no pages; allow build_only");
  v.boolean("require_build_only", s.require_build_only, "Refuse launches that start a server");
  v.boolean("debug", s.debug, "Log in detail");
  v.text("cors_allow_origin", s.cors_allow_origin, "Access-Control-Allow-Origin of answers");
  v.text("normalized_origin", s.normalized_origin, "Origin that the event log names");
  v.text("appendix", s.appendix, "Lines that repo2docker appends to each Dockerfile");
  v.older_place("appendix", "BuildExecutor.appendix");
  v.text("about_message", s.about_message, "HTML for the about page");
  v.text("banner_message", s.banner_message, "HTML above every page");
  v.text("default_opengraph_title", s.default_opengraph_title,
         "Title of link previews, but of launch links");
  v.pairs("extra_header_html", s.extra_header_html,
          "HTML at the end of every page's head, in the order of the keys");
  v.pairs("extra_footer_scripts", s.extra_footer_scripts,
          "JavaScript at the end of every page, in the order of the keys");
  v.removed("google_analytics_code", "load such scripts with extra_footer_scripts");
  v.not_yet("google_analytics_domain", "load such scripts with extra_footer_scripts");
  v.pairs("template_variables", s.template_variables, "Further words for page templates");
  v.text("template_path", s.template_path, "Folder whose files replace parts of the pages");
  v.text("extra_static_path", s.extra_static_path, "Folder of further files to serve");
  v.text("extra_static_url_prefix", s.extra_static_url_prefix,
         "Path below base_url where they are served");
  declare_answers(v, s);
  v.hidden("build_token_secret", s.build_token_secret, "Hex key that signs build tokens");
  v.boolean("build_token_check_origin", s.build_token_check_origin, "Tie tokens to an origin");
  v.seconds("build_token_expires_seconds", s.build_token_expires_seconds, 1, a_day,
            "Life of a build token");
  v.pairs("ban_networks", s.ban_networks, "Refused networks (CIDR) and a label for each");
  v.integer("per_repo_quota", s.per_repo_quota, 0, many,
            "Servers of one repository; 0 for no quota");
  v.integer("per_repo_quota_higher", s.per_repo_quota_higher, 0, many,
            "The same for high_quota_specs; 0 for no quota");
  v.integer("concurrent_build_limit", s.concurrent_build_limit, 1, many, "Builds in flight");
  v.class_name("build_class", s.build_class,
               {"LocalRepo2dockerBuild", "KubernetesBuildExecutor", "FakeBuild"},
               "What builds images; KubernetesBuildExecutor comes with a later release");
  v.class_name(
      "registry_class", s.registry_class,
      {"DockerRegistry", "GoogleArtifactRegistry", "ExternalRegistryHelper", "FakeRegistry"},
      "Kind of the registry");
  v.class_names("repo_providers", s.repo_providers,
                {"GitHubRepoProvider", "GistRepoProvider", "GitRepoProvider", "GitLabRepoProvider",
                 "ZenodoProvider", "FigshareProvider", "HydroshareProvider", "DataverseProvider",
                 "CKANProvider", "FakeProvider"},
                "Prefixes in links and the provider of each; without it all nine real ones");
  v.boolean("auth_enabled", s.auth_enabled,
            "Users log in to JupyterHub and launch servers of their own");
  v.boolean("use_named_servers", s.use_named_servers, "As Launcher.allow_named_servers");
  v.not_yet("sticky_builds", "it concerns Kubernetes builds, which a later release brings");
  v.not_yet("builder_required", "whether images can be built shows with the first one");
  v.not_yet("executor_threads", "Bindery has no such thread pool");
  v.not_yet("build_cleaner_class", "builds on this machine leave nothing to clean up");
  v.not_yet("build_docker_config", "use DockerRegistry.docker_config_path");
  v.not_yet("health_handler_class", "/health tells all that upstream's handlers tell");
  v.not_yet("static_path", "pages are part of the program");
  v.not_yet("build_namespace", "builds run on this machine in this release");
  v.not_yet("build_docker_host", "use Bindery.container_engine");
  v.not_yet("build_memory_request", "builds run on this machine in this release");
  v.not_yet("build_max_age", "use Bindery.build_timeout_seconds");
  v.not_yet("build_cleanup_interval", "builds run on this machine in this release");
  v.not_yet("log_tail_lines", "whoever joins a build is told all of its log");
  v.not_yet("build_image", "builds run on this machine in this release");
  v.not_yet("build_node_selector", "builds run on this machine in this release");
  declare_application(v);
}

void declare_builds(field_visitor& v, build_settings& s, std::string& push_secret) {
  for (const char* name : {"BuildExecutor", "LocalRepo2dockerBuild", "FakeBuild"}) {
    v.section(name, "How images are built");
    v.bytes("memory_limit", s.memory_limit_bytes, "Memory that a build may take; 0 for no limit");
    v.text("appendix", s.appendix, "Lines that repo2docker appends to each Dockerfile");
    v.texts("repo2docker_extra_args", s.repo2docker_extra_args, "Further repo2docker arguments");
    v.pairs("builder_info", s.builder_info, "What /versions says of the builder");
    v.text_or_none("push_secret", push_secret, push_secret_doc);
    v.hidden_pairs("registry_credentials", s.registry_credentials,
                   "registry, username and password for pushing, where not the registry's login");
    v.not_yet("git_credentials", "set them for the provider that they belong to");
  }
}

void declare_logins(field_visitor& v, hub_oauth_settings& s) {
  v.section("HubOAuth", "Logins, where `BinderHub.auth_enabled` is on: see authentication.md");
  v.text("oauth_client_id", s.oauth_client_id,
         "This service's client id at JupyterHub (JUPYTERHUB_CLIENT_ID)");
  v.text("oauth_redirect_uri", s.oauth_redirect_uri,
         "Its callback, `<base_url>oauth_callback` if empty (JUPYTERHUB_OAUTH_CALLBACK_URL)");
  v.text("oauth_authorization_url", s.oauth_authorization_url,
         "Where browsers log in; `<hub_url>hub/api/oauth2/authorize` if empty");
  v.text("api_url", s.api_url, "JupyterHub's API, also for launches (JUPYTERHUB_API_URL)");
  v.texts("access_scopes", s.access_scopes,
          "One of these lets a user in (JUPYTERHUB_OAUTH_ACCESS_SCOPES)");
  v.seconds("cache_max_age", s.cache_max_age, 1, a_day, "How long the hub's answers are believed");
  v.not_yet("api_token", "use BinderHub.hub_api_token");
  v.not_yet("base_url", "use BinderHub.base_url");
  v.not_yet("hub_host", "use BinderHub.hub_url");
  v.not_yet("hub_prefix", "use BinderHub.hub_url");
}

void declare_registry(field_visitor& v, docker_registry_settings& s) {
  v.text("url", s.url, "Base URL; else as image_prefix, then docker's config.json, has it");
  v.text("docker_config_path", s.docker_config_path,
         "docker's config.json with the login; else config.json in DOCKER_CONFIG or ~/.docker");
  v.text("auth_config_url", s.auth_config_url, "Key of the login in that file; else as the url");
  v.text("username", s.username, "Name for the registry; else from docker's config.json");
  v.hidden("password", s.password, "Password for the registry; else from docker's config.json");
  v.text("token_url", s.token_url, "Where bearer tokens come from; else as the registry says");
  v.yes_or_no("not_found_401", s.not_found_401,
              "The registry answers 401 for images that are not there; else only docker.io does");
}

void declare_registries(field_visitor& v, settings& all) {
  v.section("DockerRegistry", "Where images are kept");
  declare_registry(v, all.docker_registry);
  // BinderHub's other registries are kinds of that one: the section of the kind in use adds to it.
  auto kind = [&](const std::string& name) {
    docker_registry_settings unused;
    declare_registry(v, all.binder_hub.registry_class == name ? all.docker_registry : unused);
  };
  v.section("GoogleArtifactRegistry",
            "As DockerRegistry, with tokens of the Google Cloud machine that Bindery runs on");
  kind("GoogleArtifactRegistry");
  v.section("ExternalRegistryHelper",
            "As DockerRegistry, with a service that makes repositories and logins");
  v.text("service_url", all.registry_helper.service_url, "Base URL of the service");
  v.hidden("auth_token", all.registry_helper.auth_token,
           "Token for it (BINDERHUB_CONTAINER_REGISTRY_HELPER_AUTH_TOKEN)");
  kind("ExternalRegistryHelper");
  v.section("FakeRegistry", "A registry without images, for work on the pages");
  kind("FakeRegistry");
}

void declare_hub_side(field_visitor& v, settings& all) {
  auto& l = all.launcher;
  v.section("Launcher", "How servers are asked from JupyterHub");
  v.boolean("create_user", l.create_user,
            "Make a temporary user for each launch; never done with auth_enabled");
  v.integer("retries", l.retries, 1, 100, "Attempts at a launch, and at each request to the hub");
  v.seconds("retry_delay", l.retry_delay, 0, a_day, "Before the second attempt; then doubles");
  v.seconds("launch_timeout", l.launch_timeout, 1, a_day, "Longest wait for a server");
  v.boolean("allow_named_servers", l.allow_named_servers,
            "With logins: several servers of one user (JUPYTERHUB_ALLOW_NAMED_SERVERS)");
  v.integer("named_server_limit_per_user", l.named_server_limit_per_user, 0, many,
            "How many; 0 for no limit (JUPYTERHUB_NAMED_SERVER_LIMIT_PER_USER)");
  v.not_yet("hub_api_url", "use HubOAuth.api_url or BinderHub.hub_url_local");
  v.removed("pre_launch_hook",
            "it holds Python code, which cannot be run here; Bindery.pre_launch_url names a "
            "service of yours that is asked before each launch");
  declare_logins(v, all.hub_oauth);
}

void declare_limits(field_visitor& v, settings& all) {
  auto& rate = all.rate_limiter;
  v.section("RateLimiter", "How often one client may launch without a build token of our pages");
  v.integer("limit", rate.limit, 0, many, "Launches of one client in a period; 0 for no limit");
  v.seconds("period_seconds", rate.period_seconds, 1, 30 * a_day, "Length of a period");
  v.seconds("clean_seconds", rate.clean_seconds, 1, a_day,
            "How often periods that are over are forgotten");
  // The class that upstream takes by default is the more specific one: read last, it wins.
  for (const char* name : {"LaunchQuota", "KubernetesLaunchQuota"}) {
    v.section(name, "How many servers may run, counted at JupyterHub");
    v.optional_number("total_quota", all.launch_quota.total_quota, 0, many,
                      "Servers of all; none for no quota, 0 lets nobody in");
  }
  v.not_yet("namespace", "servers are counted at JupyterHub");
}

/// Upstream's builds in Kubernetes, read for their form: a mistake in them is told today.
void declare_kubernetes(field_visitor& v) {
  constexpr std::string_view later = "builds in Kubernetes come with a later release";
  std::string text;
  uint64_t bytes = 0;
  uint32_t count = 0;
  bool flag = false;
  std::vector<std::string> texts;
  std::map<std::string, std::string> pairs;
  v.section("KubernetesBuildExecutor", "How images are built in Kubernetes");
  for (const char* key : {"build_image", "namespace", "docker_host", "push_secret", "appendix"}) {
    v.text_or_none(key, text, "");
    v.not_yet(key, later);
  }
  for (const char* key : {"memory_limit", "memory_request"}) {
    v.bytes(key, bytes, "");
    v.not_yet(key, later);
  }
  for (const char* key : {"node_selector", "extra_envs", "builder_info"}) {
    v.pairs(key, pairs, "");
    v.not_yet(key, later);
  }
  v.texts("repo2docker_extra_args", texts, "");
  v.not_yet("repo2docker_extra_args", later);
  v.integer("log_tail_lines", count, 0, many, "");
  v.not_yet("log_tail_lines", "whoever joins a build is told all of its log");
  v.boolean("sticky_builds", flag, "");
  v.not_yet("sticky_builds", later);
  for (const char* key :
       {"resources", "image_pull_secrets", "registry_credentials", "git_credentials"})
    v.not_yet(key, later);
  v.section("KubernetesCleaner", "How builds in Kubernetes are cleaned up");
  v.integer("max_age", count, 0, many, "");
  v.not_yet("max_age", later);
  v.text("namespace", text, "");
  v.not_yet("namespace", later);
}

void declare_provider(field_visitor& v, provider_settings& s) {
  v.texts("allowed_specs", s.allowed_specs, "Regular expressions; if any is given, only these");
  v.texts("banned_specs", s.banned_specs, "Regular expressions of refused specs");
  v.texts("high_quota_specs", s.high_quota_specs, "Regular expressions with the higher quota");
  v.spec_configs("spec_config", s.spec_config,
                 "What holds for specs that match; config.quota: servers of one repository");
  v.hidden("git_credentials", s.git_credentials, "What git is given for private repositories");
}

void declare_github(field_visitor& v, github_settings& s) {
  v.text("hostname", s.hostname, "Host of the repositories");
  v.text("api_base_path", s.api_base_path, "Base of the API; {hostname} is filled in");
  v.text("client_id", s.client_id, "OAuth app, for a higher rate limit (GITHUB_CLIENT_ID)");
  v.hidden("client_secret", s.client_secret, "Secret of that app (GITHUB_CLIENT_SECRET)");
  v.hidden("access_token", s.access_token, "Access token (GITHUB_ACCESS_TOKEN)");
  declare_provider(v, s);
}

void declare_doi(field_visitor& v, doi_settings& s) {
  v.text("doi_base_url", s.doi_base_url, "Base URL of the resolver of DOIs");
  declare_provider(v, s);
}

/// Of upstream's settings for all providers, which each may have otherwise.
void take_from(const provider_settings& base, provider_settings& s) {
  auto take = [](const auto& from, auto& into) {
    if (!from.empty()) into = from;
  };
  take(base.allowed_specs, s.allowed_specs);
  take(base.banned_specs, s.banned_specs);
  take(base.high_quota_specs, s.high_quota_specs);
  take(base.spec_config, s.spec_config);
  take(base.git_credentials, s.git_credentials);
}

void declare_providers(field_visitor& v, settings& all) {
  provider_settings base, fake;
  v.section("RepoProvider", "What holds for each provider whose own section says nothing else");
  declare_provider(v, base);
  for (auto* one : std::initializer_list<provider_settings*>{
           &all.git, &all.github, &all.gist, &all.gitlab, &all.zenodo, &all.figshare,
           &all.hydroshare, &all.dataverse, &all.ckan})
    take_from(base, *one);
  v.section("GitRepoProvider", "Any git repository");
  v.texts("allowed_protocols", all.git.allowed_protocols, "Schemes of repository URLs");
  v.texts("private_hosts", all.git.private_hosts, private_hosts_meaning);
  declare_provider(v, all.git);
  v.section("GitHubRepoProvider", "Repositories on GitHub");
  declare_github(v, all.github);
  v.text("raw_base_url", all.github.raw_base_url, "Base of raw files where it is not that host");
  v.section("GistRepoProvider", "Gists on GitHub");
  declare_github(v, all.gist);
  v.boolean("allow_secret_gist", all.gist.allow_secret_gist, "Allow gists that are not public");
  v.section("GitLabRepoProvider", "Repositories on GitLab");
  v.text("hostname", all.gitlab.hostname, "Host of the repositories");
  v.text("api_base_url", all.gitlab.api_base_url, "Base of the API where it is not that host");
  v.text("raw_base_url", all.gitlab.raw_base_url, "Base of raw files where it is not that host");
  v.hidden("access_token", all.gitlab.access_token, "OAuth token (GITLAB_ACCESS_TOKEN)");
  v.hidden("private_token", all.gitlab.private_token, "Private token (GITLAB_PRIVATE_TOKEN)");
  v.not_yet("auth", "use access_token or private_token");
  declare_provider(v, all.gitlab);
  v.section("ZenodoProvider", "Records on Zenodo");
  declare_doi(v, all.zenodo);
  v.section("FigshareProvider", "Articles on Figshare");
  v.text("api_base_url", all.figshare.api_base_url, "Base URL of Figshare's API");
  declare_doi(v, all.figshare);
  v.section("HydroshareProvider", "Resources of HydroShare");
  v.text("api_base_url", all.hydroshare.api_base_url, "Base URL of HydroShare's API");
  declare_provider(v, all.hydroshare);
  v.section("DataverseProvider", "Datasets on any Dataverse, found by their DOI");
  v.texts("private_hosts", all.dataverse.private_hosts, private_hosts_meaning);
  declare_doi(v, all.dataverse);
  v.section("CKANProvider", "Datasets on any CKAN");
  v.texts("private_hosts", all.ckan.private_hosts, private_hosts_meaning);
  declare_provider(v, all.ckan);
  v.section("FakeProvider", "A provider without repositories, for work on the pages");
  declare_provider(v, fake);
  for (const char* key :
       {"allowed_specs", "banned_specs", "high_quota_specs", "spec_config", "git_credentials"})
    v.not_yet(key, "it has no repositories");
}

void declare_bindery(field_visitor& v, bindery_settings& s) {
  v.section("Bindery", "What BinderHub has no name for");
  v.text("host", s.host, "Address to listen on");
  v.text("state_folder", s.state_folder, "Where state is kept");
  v.integer("max_connections", s.max_connections, 1, many, "Open connections");
  v.integer("max_event_streams", s.max_event_streams, 1, many, "Open event streams");
  v.integer("max_header_bytes", s.max_header_bytes, 1024, many, "Size of a request's head");
  v.integer("max_body_bytes", s.max_body_bytes, 0, 100 * many, "Size of a request's body");
  v.seconds("header_timeout_seconds", s.header_timeout, 1, 3600, "For a request to arrive");
  v.seconds("idle_timeout_seconds", s.idle_timeout, 1, 3600, "Between two requests");
  v.seconds(
      "stream_linger_seconds", s.stream_linger, 0, 3600,
      "Stream stays open after ready; so long, 50 s at least, an ended launch can be joined again");
  v.seconds("keepalive_seconds", s.keepalive, 1, 3600, "Between two comments on a stream");
  v.integer("http_workers", s.http_workers, 1, 256, "Threads that answer requests");
  v.texts("trusted_proxies", s.trusted_proxies, "CIDRs whose X-Forwarded headers are believed");
  v.integer("git_workers", s.git_workers, 1, 1024, "Git remotes asked at once");
  v.integer("git_workers_per_host", s.git_workers_per_host, 1, 1024,
            "Of these, how many may ask one host");
  v.seconds("git_timeout_seconds", s.git_timeout, 1, 3600, "For a git remote to answer");
  v.seconds("build_timeout_seconds", s.build_timeout, 1, 7 * a_day, "For a build to end");
  v.bytes("max_build_log_bytes", s.max_build_log_bytes, "Kept of each build's log");
  v.bytes("build_logs_bytes", s.build_logs_bytes,
          "Kept on disk of all failed builds; 0 keeps none");
  v.seconds("build_logs_age_seconds", s.build_logs_age, 60, 3650 * a_day,
            "Age at which a kept log goes");
  v.text("pre_launch_url", s.pre_launch_url, "Service that is asked before each launch");
  v.seconds("pre_launch_timeout_seconds", s.pre_launch_timeout, 1, 600, "For it to answer");
  v.choice("log_format", s.log_format, {"text", "json"}, "Form of log lines");
  v.choice("log_level", s.log_level, {"debug", "info", "warning", "error"}, "Least level logged");
  v.text("event_log_file", s.event_log_file, "File for one line per launch; - for stdout");
  v.seconds("github_rename_delay_seconds", s.github_rename_delay, 0, 600,
            "Pause after telling that master or main was renamed");
  v.text("cluster_listen", s.cluster_listen, "host:port where other nodes reach this one");
  v.texts("runners", s.runners, "host:port of nodes that run this node's launches");
  v.text("container_engine", s.container_engine, "unix:// or http:// address (DOCKER_HOST)");
  v.text("repo2docker", s.repo2docker, "Program that builds images");
  v.boolean("allow_any_accept", s.allow_any_accept, "Stream events whatever Accept says");
  v.boolean("repository_preview", s.repository_preview,
            "Show those who wait the repository's README, which the server fetches");
}

}  // namespace

void declare(field_visitor& visitor, settings& all) {
  declare_binder_hub(visitor, all.binder_hub);
  // An older place of the build section's memory_limit, which is read after it and wins.
  visitor.bytes("build_memory_limit", all.build.memory_limit_bytes, "");
  visitor.older_place("build_memory_limit", "BuildExecutor.memory_limit");
  visitor.optional_number("pod_quota", all.launch_quota.total_quota, 0, many, "");
  visitor.older_place("pod_quota", "LaunchQuota.total_quota");
  // Either of upstream's classes: there is one way of counting here.
  std::string launch_quota_class = "KubernetesLaunchQuota";
  visitor.class_name("launch_quota_class", launch_quota_class,
                     {"KubernetesLaunchQuota", "LaunchQuota"},
                     "Servers are counted at JupyterHub whichever it is");
  declare_builds(visitor, all.build, all.binder_hub.push_secret);
  declare_registries(visitor, all);
  declare_hub_side(visitor, all);
  declare_limits(visitor, all);
  declare_kubernetes(visitor);
  visitor.section("EventLog", "Where BinderHub's events go");
  visitor.removed("handlers_maker",
                  "it holds Python code, which cannot be run here; use Bindery.event_log_file");
  declare_providers(visitor, all);
  visitor.section("Application", "What BinderHub's own program takes");
  declare_application(visitor);
  declare_bindery(visitor, all.bindery);
}

}  // namespace bindery
