#include "runtime/providers/forge_answer.hpp"

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/net/json_message.hpp"
#include "runtime/providers/spec_text.hpp"

namespace bindery {

caf::expected<std::string> read_commit(const http_response& answer, const char* key,
                                       const std::string& host) {
  auto refuse = [&](const std::string& why) {
    return make_error(errc::bad_answer,
                      "The answer of " + host + " cannot be read: " + why + ". Try again later");
  };
  auto json = nlohmann::json::parse(answer.body, nullptr, false);
  if (!json.is_object()) return refuse("it is no JSON object");
  auto found = json.find(key);
  if (found == json.end() || !found->is_string())
    return refuse("it holds no text under " + in_quotes(key));
  const auto& commit = found->get_ref<const std::string&>();
  if (!is_commit_hash(commit)) return refuse(in_quotes(commit) + " is no commit hash");
  return commit;
}

caf::error forge_refusal(const http_response& answer, const std::string& host,
                         const std::string& question, const std::string& credentials) {
  auto status = std::to_string(answer.status);
  auto words = json_message(answer.body, {"message", "error"});
  auto said = words.empty() ? std::string{} : " (" + words + ")";
  if (answer.status == 401)
    return make_error(errc::upstream_error,
                      host + " refuses this site's login" + said +
                          ". The operator of this site should check " + credentials,
                      host + " refuses this site's login" + said);
  if (answer.status == 429)
    return make_error(errc::too_many_requests, host + " gets too many requests from this site" +
                                                   said + ". Try again in a few minutes");
  return make_error(errc::upstream_error, host + " answered " + status + said + " when asked " +
                                              question + ". Try again in a few minutes");
}

caf::error not_found(const std::string& repo_url, const std::string& ref) {
  return make_error(errc::unresolvable_ref,
                    "Could not resolve the ref " + in_quotes(ref) + " of " + repo_url +
                        ": the repository or the ref does not exist, or is private. Check the "
                        "spelling, and that the repository is public");
}

std::string without_end_slashes(std::string base) {
  while (!base.empty() && base.back() == '/') base.pop_back();
  return base;
}

}  // namespace bindery
