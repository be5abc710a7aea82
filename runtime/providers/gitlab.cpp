#include "runtime/providers/gitlab.hpp"

#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/forge_answer.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

/// What the resolutions of one GitLab share.
struct gitlab_site {
  std::string hostname;
  std::string api;        ///< with `/api/v4`
  http_headers identity;  ///< secret
};

namespace {

constexpr uint64_t max_answer_bytes = 4 * 1024 * 1024;
constexpr std::string_view api_path = "/api/v4";

std::string joined(const std::vector<std::string>& names, const std::string& between) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : between) + name;
  return all;
}

class gitlab_resolution : public resolution {
 public:
  gitlab_resolution(std::shared_ptr<const gitlab_site> site, std::string_view spec,
                    std::vector<std::string> names, std::string ref)
      : site_(std::move(site)), spec_(spec), names_(std::move(names)), ref_(std::move(ref)) {}

  caf::expected<resolve_step> start() override {
    http_request request;
    request.url = site_->api + "/projects/" + percent_escape(joined(names_, "/")) +
                  "/repository/commits/" + percent_escape(ref_);
    request.headers = site_->identity;
    request.headers.emplace_back("Accept", "application/json");
    request.max_body_bytes = max_answer_bytes;
    request.max_redirects = 5;  // moved projects
    return request;
  }

  caf::expected<resolve_step> on_response(const http_response& answer) override {
    if (answer.status == 404) return not_found(page(), ref_);
    if (answer.status != 200)
      return forge_refusal(answer, "GitLab", "for " + in_quotes(ref_) + " of " + page(),
                           "GitLabRepoProvider.private_token (or access_token)");
    auto commit = read_commit(answer, "id", "GitLab");
    if (!commit) return std::move(commit.error());
    return resolved(*commit);
  }

 private:
  std::string page() const { return "https://" + site_->hostname + "/" + joined(names_, "/"); }

  /// The names joined by dashes; a dash inside a name is told apart by `_` before it.
  std::string build_slug() const {
    std::string slug;
    for (const auto& name : names_) {
      if (!slug.empty()) slug += '-';
      for (char c : name) slug += c == '-' ? std::string{"_-"} : std::string{c};
    }
    return slug;
  }

  resolve_step resolved(const std::string& commit) const {
    resolved_repository result;
    result.provider = "gl";
    result.spec = spec_;
    result.repo_url = page() + ".git";
    result.resolved_ref = commit;
    result.ref_url = page() + "/tree/" + commit;
    result.build_slug = build_slug();
    result.resolved_spec = percent_escape(joined(names_, "/")) + "/" + commit;
    result.display_name = "GitLab";
    return result;
  }

  std::shared_ptr<const gitlab_site> site_;
  std::string spec_;
  std::vector<std::string> names_;  // groups, and the project last
  std::string ref_;
};

gitlab_site site_of(const gitlab_settings& wanted) {
  gitlab_site site{wanted.hostname, without_end_slashes(wanted.api_base_url), {}};
  if (site.api.empty()) site.api = "https://" + wanted.hostname;
  if (!site.api.ends_with(api_path)) site.api += api_path;
  if (!wanted.private_token.empty())
    site.identity.emplace_back("PRIVATE-TOKEN", wanted.private_token.reveal());
  else if (!wanted.access_token.empty())
    site.identity.emplace_back("Authorization", "Bearer " + wanted.access_token.reveal());
  return site;
}

/// Groups and project of a namespace that is not escaped any more.
caf::expected<std::vector<std::string>> read_names(std::string_view path) {
  if (path.ends_with(".git")) path.remove_suffix(4);
  std::vector<std::string> names;
  for (size_t at = 0; at <= path.size();) {
    auto slash = std::min(path.find('/', at), path.size());
    names.emplace_back(path.substr(at, slash - at));
    if (auto why = check_name(names.back(), "A group or project")) return why;
    at = slash + 1;
  }
  if (names.size() >= 2) return names;
  return make_error(
      errc::bad_spec,
      "The address names no project in " + in_quotes(path) +
          ". A GitLab address has the form <percent-escaped group and project>/<ref>, "
          "such as group%2Fproject/HEAD");
}

struct gitlab_address {
  std::vector<std::string> names;
  std::string ref;
};

caf::expected<gitlab_address> read_address(std::string_view spec) {
  if (auto why = check_spec(spec)) return why;
  auto slash = spec.find('/');
  if (slash == std::string_view::npos)
    return make_error(errc::bad_spec, "The address " + in_quotes(spec) +
                                          " has no ref. Did you mean " +
                                          in_quotes(std::string{spec} + "/HEAD") + "?");
  auto path = read_part(spec.substr(0, slash), "The group and project");
  if (!path) return std::move(path.error());
  auto names = read_names(*path);
  if (!names) return std::move(names.error());
  auto ref = read_ref(spec.substr(slash + 1));
  if (!ref) return std::move(ref.error());
  return gitlab_address{std::move(*names), std::move(*ref)};
}

}  // namespace

gitlab_provider::gitlab_provider(const gitlab_settings& wanted)
    : site_(std::make_shared<gitlab_site>(site_of(wanted))),
      raw_base_url_(wanted.raw_base_url.empty() ? "https://" + wanted.hostname
                                                : without_end_slashes(wanted.raw_base_url)) {}

nlohmann::json gitlab_provider::display_config() const {
  return {
      {"displayName", "GitLab"},
      {"id", "gl"},
      {"spec", {{"validateRegex", "[^/]+/.+"}}},
      {"detect", {{"regex", "^(https?://" + site_->hostname + "/)?(?<repo>.*[^/])/?"}}},
      {"repo",
       {{"label", "GitLab repository, by name or URL"},
        {"placeholder", "example: group/project or https://" + site_->hostname + "/group/project"},
        {"urlEncode", true}}},
      {"ref", {{"enabled", true}, {"default", "HEAD"}}}};
}

caf::expected<std::unique_ptr<resolution>> gitlab_provider::read(std::string_view spec) const {
  auto address = read_address(spec);
  if (!address) return std::move(address.error());
  return std::unique_ptr<resolution>{std::make_unique<gitlab_resolution>(
      site_, spec, std::move(address->names), std::move(address->ref))};
}

std::string gitlab_provider::repository_of(std::string_view spec) const {
  auto address = read_address(spec);
  return address ? ascii_lower(joined(address->names, "/")) : std::string{spec};
}

std::optional<preview_source> gitlab_provider::preview_of(std::string_view spec) const {
  auto address = read_address(spec);
  if (!address) return std::nullopt;
  auto path = "/" + joined(address->names, "/");
  auto page = "https://" + site_->hostname + path;
  auto ref = percent_escape(address->ref, "/");
  return preview_source{page, page + "/-/blob/" + ref + "/",
                        readmes_in(raw_base_url_ + path + "/-/raw/" + ref + "/"),
                        host_rule::around(raw_base_url_)};
}

std::string gitlab_git_credentials(const gitlab_settings& wanted) {
  // repo2docker turns the two characters \n into a line's end.
  if (!wanted.git_credentials.empty()) return wanted.git_credentials.reveal();
  if (!wanted.private_token.empty())
    return "username=binderhub\\npassword=" + wanted.private_token.reveal();
  if (!wanted.access_token.empty())
    return "username=oauth2\\npassword=" + wanted.access_token.reveal();
  return {};
}

}  // namespace bindery
