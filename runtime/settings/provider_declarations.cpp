#include <initializer_list>

#include "runtime/settings/declarations.hpp"

namespace bindery {

namespace {

constexpr const char* private_hosts_meaning =
    "Hosts of private networks, without port, that may be asked all the same; \"*\" for all";

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

}  // namespace

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

}  // namespace bindery
