#include "runtime/providers/github_resolution.hpp"

#include "runtime/error.hpp"
#include "runtime/providers/forge_answer.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

github_resolution::github_resolution(std::shared_ptr<github_site> site, std::string spec,
                                     std::string user, std::string repo, std::string ref)
    : site_(std::move(site)),
      spec_(std::move(spec)),
      user_(std::move(user)),
      repo_(std::move(repo)),
      ref_(std::move(ref)) {}

caf::expected<resolve_step> github_resolution::start() {
  return ask();
}

caf::expected<resolve_step> github_resolution::on_response(const http_response& answer) {
  site_->api.observe(answer);
  switch (answer.status) {
    case 200: {
      auto commit = read_commit(answer, "sha", "GitHub");
      if (!commit) return std::move(commit.error());
      site_->commits.store(url_, {std::string{find_header(answer.headers, "etag")}, *commit});
      return resolved(*commit);
    }
    case 304:
      if (known_) return resolved(known_->commit);
      return make_error(errc::bad_answer,
                        "GitHub answered \"not modified\" to a question that was not asked before");
    case 404:
    case 422:
      site_->absent.add(url_, site_->api.now());
      return unresolved();
    case 409:
      return make_error(errc::unresolvable_ref,
                        "The repository " + repo_url() + " is empty: it has no commit yet");
    default:
      return site_->api.refusal(answer, "for " + in_quotes(ref_) + " of " + repo_url());
  }
}

caf::expected<resolve_step> github_resolution::go_on() {
  // Only a rename is ever told, and only once.
  if (renamed_from_.empty() || ref_ == "HEAD") return resolution::go_on();
  ref_ = "HEAD";
  return ask();
}

std::string github_resolution::repo_url() const {
  return "https://" + site_->hostname + "/" + user_ + "/" + repo_;
}

caf::expected<resolve_step> github_resolution::ask() {
  auto request = site_->api.get("/repos/" + percent_escape(user_) + "/" + percent_escape(repo_) +
                                "/commits/" + percent_escape(ref_, "/"));
  url_ = request.url;
  if (site_->absent.holds(url_, site_->api.now())) return unresolved();
  known_ = site_->commits.find(url_);
  if (known_) request.headers.emplace_back("If-None-Match", known_->etag);
  return request;
}

caf::expected<resolve_step> github_resolution::unresolved() {
  if (renamed_from_.empty() && (ref_ == "master" || ref_ == "main")) {
    renamed_from_ = ref_;
    return explain_rename();
  }
  return not_found(repo_url(), renamed_from_.empty() ? ref_ : renamed_from_);
}

resolve_step github_resolution::resolved(const std::string& commit) const {
  resolved_repository result;
  result.provider = "gh";
  result.spec = spec_;
  result.repo_url = repo_url();
  result.resolved_ref = commit;
  result.ref_url = repo_url() + "/tree/" + commit;
  result.build_slug = user_ + "-" + repo_;
  result.resolved_spec = user_ + "/" + repo_ + "/" + commit;
  result.display_name = "GitHub";
  return result;
}

notice github_resolution::explain_rename() const {
  return {"The branch \"" + renamed_from_ + "\" of " + repo_url() +
              " could not be found. Many default branches on GitHub have been renamed from "
              "\"master\" to \"main\"; HEAD always stands for the default branch.\nTrying again "
              "with HEAD instead of \"" +
              renamed_from_ + "\". Please update your links.\n",
          site_->rename_delay};
}

}  // namespace bindery
