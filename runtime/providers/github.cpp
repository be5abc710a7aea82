#include "runtime/providers/github.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/forge_answer.hpp"
#include "runtime/providers/github_resolution.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

caf::error wrong_form(std::string_view spec) {
  auto text = "The address " + in_quotes(spec) + " is not of the form \"user/repo/ref\"";
  auto slash = spec.find('/');
  if (slash != std::string_view::npos && slash > 0 && slash + 1 < spec.size()) {
    auto last = spec.substr(slash + 1);
    if (last.back() == '/') last.remove_suffix(1);
    if (!last.empty() && last != "main" && last != "master" && last != "HEAD")
      text += ". Did you mean " +
              in_quotes(std::string{spec.substr(0, slash + 1)} + std::string{last} + "/HEAD") + "?";
  }
  return make_error(errc::bad_spec, text);
}

struct github_address {
  std::string user, repo, ref;
};

caf::expected<github_address> read_address(std::string_view spec) {
  if (auto why = check_spec(spec)) return why;
  auto first = spec.find('/');
  auto second = first == std::string_view::npos ? first : spec.find('/', first + 1);
  if (second == std::string_view::npos || second + 1 == spec.size()) return wrong_form(spec);
  auto user = read_part(spec.substr(0, first), "The user");
  if (!user) return std::move(user.error());
  if (auto why = check_name(*user, "The user")) return why;
  auto repo = read_part(spec.substr(first + 1, second - first - 1), "The repository's name");
  if (!repo) return std::move(repo.error());
  if (repo->ends_with(".git")) repo->resize(repo->size() - 4);
  if (auto why = check_name(*repo, "The repository's name")) return why;
  auto ref = read_ref(spec.substr(second + 1));
  if (!ref) return std::move(ref.error());
  return github_address{std::move(*user), std::move(*repo), std::move(*ref)};
}

}  // namespace

github_provider::github_provider(const github_settings& wanted, std::chrono::seconds rename_delay,
                                 std::shared_ptr<github_rate_limit> limit, wall_clock now)
    : site_(std::make_shared<github_site>(wanted.hostname, rename_delay,
                                          github_api{wanted, wanted.hostname, "GitHubRepoProvider",
                                                     std::move(limit), std::move(now)})),
      raw_base_url_(wanted.raw_base_url.empty() ? "https://" + wanted.hostname
                                                : without_end_slashes(wanted.raw_base_url)) {}

nlohmann::json github_provider::display_config() const {
  return {{"displayName", "GitHub"},
          {"id", "gh"},
          {"spec", {{"validateRegex", "[^/]+/[^/]+/.+"}}},
          {"detect", {{"regex", "^(https?://" + site_->hostname + "/)?(?<repo>.*[^/])/?"}}},
          {"repo",
           {{"label", "GitHub repository, by name or URL"},
            {"placeholder", "example: binder-examples/requirements or https://" + site_->hostname +
                                "/binder-examples/requirements"},
            {"urlEncode", false}}},
          {"ref", {{"enabled", true}, {"default", "HEAD"}}}};
}

caf::expected<std::unique_ptr<resolution>> github_provider::read(std::string_view spec) const {
  auto address = read_address(spec);
  if (!address) return std::move(address.error());
  return std::unique_ptr<resolution>{
      std::make_unique<github_resolution>(site_, std::string{spec}, std::move(address->user),
                                          std::move(address->repo), std::move(address->ref))};
}

std::string github_provider::repository_of(std::string_view spec) const {
  auto address = read_address(spec);
  // GitHub knows one name in every case.
  return address ? ascii_lower(address->user + "/" + address->repo) : std::string{spec};
}

std::optional<preview_source> github_provider::preview_of(std::string_view spec) const {
  auto address = read_address(spec);
  if (!address) return std::nullopt;
  auto path = "/" + address->user + "/" + address->repo;
  auto folder = [&](const std::string& ref) {
    return raw_base_url_ + path + "/raw/" + percent_escape(ref, "/") + "/";
  };
  auto page = "https://" + site_->hostname + path;
  preview_source source{page, page + "/blob/" + percent_escape(address->ref, "/") + "/",
                        readmes_in(folder(address->ref)), host_rule::around(raw_base_url_)};
  // Default branches were renamed, and old links go on.
  if (address->ref == "master" || address->ref == "main")
    source.files.push_back({"README.md", folder("HEAD") + "README.md"});
  return source;
}

}  // namespace bindery
