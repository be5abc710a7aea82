// Every setting: name, place, range and meaning. Reading and reference come from here.
#include "runtime/settings/declarations.hpp"

namespace bindery {

namespace {

constexpr int64_t a_day = 24 * 3600;

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
