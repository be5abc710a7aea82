#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/settings/secret.hpp"

namespace bindery {

/// Section `BinderHub`. Names and defaults are BinderHub's own (contract, section 12).
struct binder_hub_settings {
  uint16_t port = 8585;
  std::string base_url = "/";  ///< with slashes at both ends
  std::string badge_base_url;  ///< "" for the request's own
  std::string hub_url;         ///< the hub as browsers reach it, with trailing slash
  std::string hub_url_local;   ///< the hub as Bindery reaches it; "" for `hub_url`
  secret hub_api_token;
  std::string image_prefix;
  bool use_registry = true;
  std::string push_secret = "binder-build-docker-config";
  bool enable_api_only_mode = false;
  bool require_build_only = false;
  bool debug = false;
  std::string cors_allow_origin;
  std::string normalized_origin;
  std::string about_message;
  std::string banner_message;
  std::string default_opengraph_title = "The Binder Project";
  std::map<std::string, std::string> extra_header_html;  ///< in the order of the keys
  std::map<std::string, std::string> extra_footer_scripts;
  std::map<std::string, std::string> template_variables;
  std::string template_path;      ///< folder whose files replace parts of the pages
  std::string extra_static_path;  ///< folder of further files
  std::string extra_static_url_prefix = "/extra_static/";
  std::map<std::string, std::string> headers;  ///< `tornado_settings.headers`, on every answer
  std::string appendix;
  secret build_token_secret;  ///< hex; "" for a random one
  bool build_token_check_origin = true;
  std::chrono::seconds build_token_expires_seconds{300};
  std::map<std::string, std::string> ban_networks;
  bool auth_enabled = false;
  bool use_named_servers = false;  ///< older place of `Launcher.allow_named_servers`
  uint32_t per_repo_quota = 0;     ///< servers of one repository; 0 for no quota
  uint32_t per_repo_quota_higher = 0;
  std::string build_class = "LocalRepo2dockerBuild";
  std::string registry_class = "DockerRegistry";
  /// Prefix and class of each provider, in the order in which people are offered them; empty for
  /// all nine.
  std::vector<std::pair<std::string, std::string>> repo_providers;
  uint32_t concurrent_build_limit = 32;  ///< upstream's thread count; here the builds in flight
};

/// Sections `BuildExecutor` and `LocalRepo2dockerBuild`.
struct build_settings {
  uint64_t memory_limit_bytes = 0;  ///< 0: no limit
  std::string appendix;
  std::vector<std::string> repo2docker_extra_args;
  std::map<std::string, std::string> builder_info;
  /// `registry`, `username` and `password` for pushing; empty for the registry's own login.
  std::map<std::string, secret> registry_credentials;
};

/// Section `DockerRegistry`.
struct docker_registry_settings {
  std::string url;
  std::string auth_config_url;
  std::string token_url;
  std::string username;
  secret password;
  std::string
      docker_config_path;  ///< "" for `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`
  /// What a 401 for a manifest means: "yes" absent, "no" an error, "" as the registry's host wants.
  std::string not_found_401;
};

/// Section `ExternalRegistryHelper`.
struct registry_helper_settings {
  std::string service_url = "http://binderhub-container-registry-helper:8080";
  secret auth_token;  ///< "" for BINDERHUB_CONTAINER_REGISTRY_HELPER_AUTH_TOKEN
};

/// Section `RateLimiter`.
struct rate_limiter_settings {
  uint32_t limit = 10;  ///< launches of one client address in a period; 0 for no limit
  std::chrono::seconds period_seconds{3600};
  std::chrono::seconds clean_seconds{600};
};

/// Sections `LaunchQuota` and `KubernetesLaunchQuota`.
struct launch_quota_settings {
  /// Running servers of all; none for no quota. Zero lets nobody in.
  std::optional<uint32_t> total_quota;
};

/// Section `Launcher`.
struct launcher_settings {
  bool create_user = true;
  uint32_t retries = 4;
  std::chrono::seconds retry_delay{4};
  std::chrono::seconds launch_timeout{600};
  bool allow_named_servers = false;
  uint32_t named_server_limit_per_user = 0;  ///< 0 for no limit
};

/// Section `HubOAuth`: Bindery as a service of JupyterHub, for logins. The names are JupyterHub's.
struct hub_oauth_settings {
  std::string oauth_client_id;
  /// Where the hub sends browsers back to; "" for `<base_url>oauth_callback`.
  std::string oauth_redirect_uri;
  /// Where browsers log in; "" for `<hub_url>hub/api/oauth2/authorize`.
  std::string oauth_authorization_url;
  /// The hub's API; "" for `<hub_url_local>hub/api`.
  std::string api_url;
  std::vector<std::string> access_scopes;   ///< whoever has one of them may come in
  std::chrono::seconds cache_max_age{300};  ///< of the hub's answers about tokens
};

/// One entry of a provider's `spec_config`: what holds for specs that match.
struct spec_config_entry {
  std::string pattern;            ///< regular expression, matched at the spec's start
  std::optional<uint32_t> quota;  ///< `config.quota`; 0 for no quota
};

/// What every provider's section may hold.
struct provider_settings {
  std::vector<std::string> allowed_specs;  ///< regular expressions
  std::vector<std::string> banned_specs;
  std::vector<std::string> high_quota_specs;
  std::vector<spec_config_entry> spec_config;
  secret git_credentials;
};

struct git_settings : provider_settings {
  std::vector<std::string> allowed_protocols = {"http", "https", "git", "ssh"};
  /// Hosts of private networks, without port, that may be asked although everybody can name them;
  /// "*" for all.
  std::vector<std::string> private_hosts;
};

struct github_settings : provider_settings {
  std::string hostname = "github.com";
  std::string api_base_path = "https://api.{hostname}";
  /// Base of raw files; "" for `https://<hostname>`. Of no use to gists.
  std::string raw_base_url;
  std::string client_id;
  secret client_secret;
  secret access_token;
};

struct gist_settings : github_settings {
  bool allow_secret_gist = false;
};

struct gitlab_settings : provider_settings {
  std::string hostname = "gitlab.com";
  secret access_token;
  secret private_token;
  /// Base of the API; "" for `https://<hostname>`.
  std::string api_base_url;
  std::string raw_base_url;  ///< base of raw files; "" for `https://<hostname>`
};

/// Section `ZenodoProvider`, and the beginning of others.
struct doi_settings : provider_settings {
  std::string doi_base_url = "https://doi.org";  ///< what resolves DOIs
};

struct dataverse_settings : doi_settings {
  std::vector<std::string> private_hosts;  ///< as of `git_settings`
};

struct figshare_settings : doi_settings {
  std::string api_base_url = "https://api.figshare.com";
};

struct hydroshare_settings : provider_settings {
  std::string api_base_url = "https://www.hydroshare.org";
};

struct ckan_settings : provider_settings {
  std::vector<std::string> private_hosts;  ///< as of `git_settings`
};

/// Section `Bindery`: what upstream has no name for.
struct bindery_settings {
  std::string host = "127.0.0.1";  ///< address to listen on
  std::string state_folder;        ///< "" for the user's own
  uint32_t max_connections = 18'000;
  uint32_t max_event_streams = 15'000;
  uint32_t max_header_bytes = 16 * 1024;
  uint32_t max_body_bytes = 64 * 1024;
  std::chrono::seconds header_timeout{10};
  std::chrono::seconds idle_timeout{60};
  std::chrono::seconds stream_linger{60};
  std::chrono::seconds keepalive{25};
  uint32_t http_workers = 4;
  std::vector<std::string> trusted_proxies;  ///< CIDR; empty: loopback and private ranges
  uint32_t git_workers = 8;
  uint32_t git_workers_per_host = 4;
  std::chrono::seconds git_timeout{30};
  std::chrono::seconds build_timeout{4 * 3600};
  uint64_t max_build_log_bytes = 8 * 1024 * 1024;
  uint64_t build_logs_bytes = 512 * 1024 * 1024;  ///< kept on disk of all failed builds together
  std::chrono::seconds build_logs_age{14 * 24 * 3600};
  std::string pre_launch_url;  ///< asked before each launch; "" for none
  std::chrono::seconds pre_launch_timeout{10};
  std::string log_format = "text";
  std::string log_level = "info";
  std::string event_log_file;  ///< "" for none, "-" for standard output
  std::chrono::seconds github_rename_delay{10};
  std::string cluster_listen;        ///< "host:port", "" for a node on its own
  std::vector<std::string> runners;  ///< "host:port" of nodes that run this node's launches
  std::string container_engine = "unix:///var/run/docker.sock";
  std::string repo2docker = "jupyter-repo2docker";
  bool allow_any_accept = false;
  bool repository_preview = true;  ///< fetch READMEs for those who wait
};

/// Everything that can be set.
struct settings {
  binder_hub_settings binder_hub;
  build_settings build;
  docker_registry_settings docker_registry;
  registry_helper_settings registry_helper;
  rate_limiter_settings rate_limiter;
  launch_quota_settings launch_quota;
  launcher_settings launcher;
  hub_oauth_settings hub_oauth;
  git_settings git;
  github_settings github;
  gist_settings gist;
  gitlab_settings gitlab;
  doi_settings zenodo;
  figshare_settings figshare;
  hydroshare_settings hydroshare;
  dataverse_settings dataverse;
  ckan_settings ckan;
  bindery_settings bindery;
};

}  // namespace bindery
