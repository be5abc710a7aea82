#include "runtime/providers/provider_table.hpp"

#include <chrono>
#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/ckan.hpp"
#include "runtime/providers/dataverse.hpp"
#include "runtime/providers/fake.hpp"
#include "runtime/providers/figshare.hpp"
#include "runtime/providers/gist.hpp"
#include "runtime/providers/git.hpp"
#include "runtime/providers/github.hpp"
#include "runtime/providers/gitlab.hpp"
#include "runtime/providers/hydroshare.hpp"
#include "runtime/providers/spec_rules.hpp"
#include "runtime/providers/zenodo.hpp"

namespace bindery {

struct provider_entry {
  std::string prefix;   ///< in links; the class's own, or as `repo_providers` has it
  std::string section;  ///< the class's name, under which its settings are
  std::shared_ptr<const repo_provider> provider;
  spec_rules rules;
  std::string git_credentials;
};

namespace {

/// The first entry of the class whose own prefix this is: all of a class share their settings.
const provider_entry* entry_of_class(const std::vector<provider_entry>& entries,
                                     std::string_view own_prefix) {
  for (const auto& entry : entries)
    if (entry.provider->prefix() == own_prefix) return &entry;
  return nullptr;
}

/// The entries that the operator chose from `all`, in the order of the choice.
std::vector<provider_entry> chosen(
    const std::vector<provider_entry>& all,
    const std::vector<std::pair<std::string, std::string>>& repo_providers) {
  std::vector<provider_entry> result;
  for (const auto& [prefix, class_name] : repo_providers)
    for (const auto& entry : all)
      if (entry.section == class_name) {
        result.push_back(entry);
        result.back().prefix = prefix;
      }
  return result;
}

/// BinderHub's section for gists is a kind of its section for GitHub: what it leaves open is taken
/// from there. A login only where both mean the same GitHub.
gist_settings with_github_defaults(gist_settings gist, const github_settings& github) {
  auto adopt = [](auto& own, const auto& other) {
    if (own.empty()) own = other;
  };
  adopt(gist.allowed_specs, github.allowed_specs);
  adopt(gist.banned_specs, github.banned_specs);
  adopt(gist.high_quota_specs, github.high_quota_specs);
  adopt(gist.spec_config, github.spec_config);
  if (gist_api_base(gist) != github_api_base(github, github.hostname)) return gist;
  if (gist.access_token.empty() && gist.client_id.empty()) {
    gist.access_token = github.access_token;
    gist.client_id = github.client_id;
    gist.client_secret = github.client_secret;
  }
  adopt(gist.git_credentials, github.git_credentials);
  return gist;
}

}  // namespace

provider_table::provider_table() = default;
provider_table::provider_table(provider_table&& other) noexcept = default;
provider_table& provider_table::operator=(provider_table&& other) noexcept = default;
provider_table::~provider_table() = default;

caf::expected<provider_table> provider_table::make(const settings& all) {
  auto limit = std::make_shared<github_rate_limit>();
  wall_clock now = [] { return std::chrono::system_clock::now(); };
  auto gist = with_github_defaults(all.gist, all.github);
  provider_table table;
  table.github_rate_limit_ = limit;
  table.per_repo_quota_ = all.binder_hub.per_repo_quota;
  table.per_repo_quota_higher_ = all.binder_hub.per_repo_quota_higher;
  caf::error fault;
  auto add = [&](std::unique_ptr<repo_provider> provider, const provider_settings& wanted,
                 const std::string& section, std::string git_credentials) {
    if (fault) return;
    if (auto rules = spec_rules::make(wanted, section))
      table.entries_.push_back({std::string{provider->prefix()}, section, std::move(provider),
                                std::move(*rules), std::move(git_credentials)});
    else
      fault = std::move(rules.error());
  };
  // In the order in which people are offered them.
  add(std::make_unique<github_provider>(all.github, all.bindery.github_rename_delay, limit, now),
      all.github, "GitHubRepoProvider", github_git_credentials(all.github));
  add(std::make_unique<gist_provider>(gist, limit, now), gist, "GistRepoProvider",
      github_git_credentials(gist));
  add(std::make_unique<git_provider>(all.git), all.git, "GitRepoProvider",
      all.git.git_credentials.reveal());
  add(std::make_unique<gitlab_provider>(all.gitlab), all.gitlab, "GitLabRepoProvider",
      gitlab_git_credentials(all.gitlab));
  add(std::make_unique<zenodo_provider>(all.zenodo), all.zenodo, "ZenodoProvider",
      all.zenodo.git_credentials.reveal());
  add(std::make_unique<figshare_provider>(all.figshare), all.figshare, "FigshareProvider",
      all.figshare.git_credentials.reveal());
  add(std::make_unique<hydroshare_provider>(all.hydroshare), all.hydroshare, "HydroshareProvider",
      all.hydroshare.git_credentials.reveal());
  add(std::make_unique<dataverse_provider>(all.dataverse), all.dataverse, "DataverseProvider",
      all.dataverse.git_credentials.reveal());
  add(std::make_unique<ckan_provider>(all.ckan), all.ckan, "CKANProvider",
      all.ckan.git_credentials.reveal());
  const auto& wanted = all.binder_hub.repo_providers;
  if (!wanted.empty()) {
    add(std::make_unique<fake_provider>(), provider_settings{}, "FakeProvider", {});
    table.entries_ = chosen(table.entries_, wanted);
  }
  if (fault) return fault;
  return table;
}

const repo_provider* provider_table::find(std::string_view prefix) const {
  for (const auto& entry : entries_)
    if (entry.prefix == prefix) return entry.provider.get();
  return nullptr;
}

caf::expected<std::string> provider_table::repository(std::string_view prefix,
                                                      std::string_view spec) const {
  const auto* provider = find(prefix);
  if (provider == nullptr)
    return make_error(errc::unknown_provider,
                      "No provider found for prefix \"" + std::string{prefix} + "\"");
  if (auto read = provider->read(spec); !read) return std::move(read.error());
  return repository_key(*provider, spec);
}

caf::error provider_table::admit(const repo_provider& provider, std::string_view spec) const {
  if (const auto* entry = entry_of_class(entries_, provider.prefix()))
    return entry->rules.admit(spec);
  return make_error(errc::unknown_provider,
                    "There is no provider " + std::string{provider.prefix()} + " on this site");
}

uint32_t provider_table::server_quota(const repo_provider& provider, std::string_view spec) const {
  const auto* entry = entry_of_class(entries_, provider.prefix());
  return entry == nullptr
             ? per_repo_quota_
             : entry->rules.server_quota(spec, per_repo_quota_, per_repo_quota_higher_);
}

nlohmann::json provider_table::display_configs() const {
  auto all = nlohmann::json::array();
  for (const auto& entry : entries_) {
    all.push_back(entry.provider->display_config());
    all.back()["id"] = entry.prefix;
  }
  return all;
}

std::string provider_table::display_name(std::string_view own_prefix) const {
  const auto* entry = entry_of_class(entries_, own_prefix);
  return std::string{entry == nullptr ? own_prefix : entry->provider->display_name()};
}

std::string provider_table::git_credentials(std::string_view own_prefix) const {
  const auto* entry = entry_of_class(entries_, own_prefix);
  return entry == nullptr ? std::string{} : entry->git_credentials;
}

std::optional<int64_t> provider_table::github_rate_limit_remaining() const {
  return github_rate_limit_ ? github_rate_limit_->remaining() : std::nullopt;
}

}  // namespace bindery
