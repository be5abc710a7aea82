#include "runtime/providers/gist_resolution.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/forge_answer.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

using nlohmann::json;

caf::error unreadable(const std::string& why) {
  return make_error(errc::bad_answer,
                    "The answer of GitHub cannot be read: " + why + ". Try again later");
}

bool is_newest(const std::string& ref) {
  return ref.empty() || ref == "HEAD" || ref == "master" || ref == "main";
}

/// The login of the gist's owner; "" for a gist of nobody.
std::string owner_of(const json& gist) {
  auto owner = gist.find("owner");
  if (owner == gist.end() || !owner->is_object()) return {};
  auto login = owner->find("login");
  return login != owner->end() && login->is_string() ? login->get<std::string>() : std::string{};
}

/// The versions of a gist, the newest first.
caf::expected<std::vector<std::string>> versions_of(const json& gist) {
  auto history = gist.find("history");
  if (history == gist.end() || !history->is_array() || history->empty())
    return unreadable("it holds no list under \"history\"");
  std::vector<std::string> versions;
  for (const auto& each : *history) {
    auto version = each.is_object() ? each.find("version") : each.end();
    if (version == each.end() || !version->is_string() ||
        !is_commit_hash(version->get_ref<const std::string&>()))
      return unreadable("an entry of its \"history\" has no commit hash under \"version\"");
    versions.push_back(version->get<std::string>());
  }
  return versions;
}

}  // namespace

gist_resolution::gist_resolution(std::shared_ptr<const gist_site> site, std::string spec,
                                 std::string user, std::string id, std::string ref)
    : site_(std::move(site)),
      spec_(std::move(spec)),
      user_(std::move(user)),
      id_(std::move(id)),
      ref_(std::move(ref)) {}

caf::expected<resolve_step> gist_resolution::start() {
  return site_->api.get("/gists/" + percent_escape(id_));
}

caf::expected<resolve_step> gist_resolution::on_response(const http_response& answer) {
  site_->api.observe(answer);
  if (answer.status == 200) return read(answer.body);
  if (answer.status == 404 || answer.status == 422)
    return make_error(errc::unresolvable_ref, "There is no gist " + page() +
                                                  ". Check the address, and that the gist was not "
                                                  "deleted");
  return site_->api.refusal(answer, "for the gist " + page());
}

std::string gist_resolution::page() const {
  return "https://" + site_->hostname + "/" + user_ + "/" + id_;
}

caf::expected<resolve_step> gist_resolution::read(const std::string& body) const {
  auto gist = json::parse(body, nullptr, false);
  if (!gist.is_object()) return unreadable("it is no JSON object");
  auto is_public = gist.find("public");
  if (is_public == gist.end() || !is_public->is_boolean())
    return unreadable("it does not tell whether the gist is public");
  if (!site_->allow_secret && !is_public->get<bool>())
    return make_error(errc::forbidden, "The gist " + page() +
                                           " is secret, and secret gists are not launched here. "
                                           "The operator of this site can allow them with "
                                           "GistRepoProvider.allow_secret_gist");
  // GitHub looks at the id alone; what the operator allows and bans begins with the user.
  auto owner = owner_of(gist);
  if (!owner.empty() && ascii_lower(owner) != ascii_lower(user_))
    return make_error(
        errc::unresolvable_ref,
        "There is no gist " + page() + ": the gist of this id belongs to " + in_quotes(owner));
  auto versions = versions_of(gist);
  if (!versions) return std::move(versions.error());
  if (is_newest(ref_)) return resolved(versions->front());
  auto wanted = ascii_lower(ref_);
  for (const auto& version : *versions)
    if (version == wanted) return resolved(version);
  return make_error(errc::unresolvable_ref,
                    "Could not resolve the ref " + in_quotes(ref_) + " of the gist " + page() +
                        ": it is not in the gist's history. Use HEAD, or the full hash of one of "
                        "its revisions");
}

resolve_step gist_resolution::resolved(const std::string& commit) const {
  resolved_repository result;
  result.provider = "gist";
  result.spec = spec_;
  result.repo_url = page() + ".git";
  result.resolved_ref = commit;
  result.ref_url = page() + "/" + commit;
  result.build_slug = id_;
  result.resolved_spec = user_ + "/" + id_ + "/" + commit;
  result.display_name = "Gist";
  return result;
}

}  // namespace bindery
