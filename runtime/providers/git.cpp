#include "runtime/providers/git.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/net/url.hpp"
#include "runtime/providers/git_url.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

class git_resolution : public resolution {
 public:
  git_resolution(std::string_view spec, std::string url, std::string ref, bool public_only)
      : spec_(spec), url_(std::move(url)), ref_(std::move(ref)), public_only_(public_only) {}

  caf::expected<resolve_step> start() override {
    auto commit = ascii_lower(ref_);
    if (is_commit_hash(commit)) return resolved(commit);
    return git_query{url_, ref_, public_only_};
  }

  caf::expected<resolve_step> on_commit(const std::string& commit) override {
    if (is_commit_hash(commit)) return resolved(commit);
    return make_error(errc::bad_answer, "Asked for the commit of " + in_quotes(ref_) + ", " +
                                            shown_url(url_) + " answered " + in_quotes(commit) +
                                            ", which is no commit hash");
  }

 private:
  resolve_step resolved(const std::string& commit) const {
    resolved_repository result;
    result.provider = "git";
    result.spec = spec_;
    result.repo_url = url_;
    result.resolved_ref = commit;
    result.ref_url = url_;
    result.build_slug = url_;
    result.resolved_spec = percent_escape(url_) + "/" + commit;
    result.display_name = "Git";
    return result;
  }

  std::string spec_, url_, ref_;
  bool public_only_;
};

}  // namespace

nlohmann::json git_provider::display_config() const {
  return {{"displayName", "Git repository"},
          {"id", "git"},
          {"spec", {{"validateRegex", "[^/]+/.+"}}},
          {"repo",
           {{"label", "URL of any git repository"},
            {"placeholder", "example: https://git.example.com/repository"},
            {"urlEncode", true}}},
          {"ref", {{"enabled", true}, {"default", "HEAD"}}}};
}

caf::expected<std::unique_ptr<resolution>> git_provider::read(std::string_view spec) const {
  if (auto why = check_spec(spec)) return why;
  auto slash = spec.find('/');
  if (slash == std::string_view::npos)
    return make_error(errc::bad_spec,
                      "The address of a git repository has the form <percent-"
                      "escaped URL>/<ref>. Did you forget \"/HEAD\" at its end?");
  auto text = read_part(spec.substr(0, slash), "The repository's URL");
  if (!text) return std::move(text.error());
  auto url = read_git_url(*text, allowed_protocols_);
  if (!url) return std::move(url.error());
  auto host = git_host(*url);
  if (!hosts_.allows(host))
    return make_error(errc::bad_spec, "The host " + in_quotes(host) +
                                          " is one of a private network, and such hosts are not "
                                          "asked. The operator of this site can allow it with "
                                          "GitRepoProvider.private_hosts");
  auto ref = read_part(spec.substr(slash + 1), "The ref");
  if (!ref) return std::move(ref.error());
  if (auto why = check_git_ref(*ref)) return why;
  return std::unique_ptr<resolution>{std::make_unique<git_resolution>(
      spec, std::move(*url), std::move(*ref), !hosts_.names(host))};
}

std::string git_provider::repository_of(std::string_view spec) const {
  auto url = percent_unescape(spec.substr(0, spec.find('/')));
  return shown_url(url ? *url : std::string{spec});  // what is remembered holds no secret
}

}  // namespace bindery
