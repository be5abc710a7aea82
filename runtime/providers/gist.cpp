#include "runtime/providers/gist.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/gist_resolution.hpp"
#include "runtime/providers/spec_text.hpp"

namespace bindery {

namespace {

/// GitHub's own gists have a host of their own, which BinderHub takes as `hostname`; here the
/// default is inherited from GitHub's section.
std::string gist_hostname(const gist_settings& wanted) {
  return wanted.hostname == "github.com" ? "gist.github.com" : wanted.hostname;
}

std::string api_hostname(const gist_settings& wanted) {
  auto host = wanted.hostname;
  if (host.starts_with("gist.")) host.erase(0, 5);
  return host;
}

}  // namespace

std::string gist_api_base(const gist_settings& wanted) {
  return github_api_base(wanted, api_hostname(wanted));
}

gist_provider::gist_provider(const gist_settings& wanted, std::shared_ptr<github_rate_limit> limit,
                             wall_clock now)
    : site_(std::make_shared<gist_site>(
          gist_site{gist_hostname(wanted), wanted.allow_secret_gist,
                    github_api{wanted, api_hostname(wanted), "GistRepoProvider", std::move(limit),
                               std::move(now)}})) {}

nlohmann::json gist_provider::display_config() const {
  return {{"displayName", "GitHub Gist"},
          {"id", "gist"},
          {"spec", {{"validateRegex", "[^/]+/[^/]+(/[^/]+)?"}}},
          {"detect", {{"regex", "^(https?://" + site_->hostname + "/)?(?<repo>.*[^/])/?"}}},
          {"repo",
           {{"label", "Gist, as user/gist-id or URL"}, {"placeholder", ""}, {"urlEncode", false}}},
          {"ref", {{"enabled", true}, {"default", "HEAD"}}}};
}

caf::expected<std::unique_ptr<resolution>> gist_provider::read(std::string_view spec) const {
  if (auto why = check_spec(spec)) return why;
  auto first = spec.find('/');
  if (first == std::string_view::npos || first + 1 == spec.size())
    return make_error(errc::bad_spec, "The address " + in_quotes(spec) +
                                          " is not of the form \"user/gist-id\" or "
                                          "\"user/gist-id/ref\"");
  auto user = read_part(spec.substr(0, first), "The user");
  if (!user) return std::move(user.error());
  if (auto why = check_name(*user, "The user")) return why;
  auto rest = spec.substr(first + 1);
  auto second = std::min(rest.find('/'), rest.size());
  auto id = read_part(rest.substr(0, second), "The gist's id");
  if (!id) return std::move(id.error());
  if (auto why = check_name(*id, "The gist's id")) return why;
  std::string ref;  // "user/gist-id/" means the newest version, too
  if (second + 1 < rest.size()) {
    auto given = read_ref(rest.substr(second + 1));
    if (!given) return std::move(given.error());
    ref = std::move(*given);
  }
  return std::unique_ptr<resolution>{std::make_unique<gist_resolution>(
      site_, std::string{spec}, std::move(*user), std::move(*id), std::move(ref))};
}

std::string gist_provider::repository_of(std::string_view spec) const {
  // A gist's id is its own; whose it is goes along, as in links.
  auto id = spec.find('/');
  auto end = id == std::string_view::npos ? id : spec.find('/', id + 1);
  return ascii_lower(repo_provider::repository_of(spec.substr(0, end)));
}

}  // namespace bindery
