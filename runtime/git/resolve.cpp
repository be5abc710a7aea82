#include "runtime/git/resolve.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string_view>

#include <git2.h>
#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

struct library {
  library() { git_libgit2_init(); }
  ~library() { git_libgit2_shutdown(); }
};

std::string last_words() {
  const auto* fault = git_error_last();
  return fault && fault->message ? std::string{fault->message}.substr(0, 300) : "unknown reason";
}

caf::error cannot_ask(const git_query& query, int status) {
  auto what = "Asking " + shown_url(query.url) + " for its refs failed: " + last_words();
  const auto* fault = git_error_last();
  auto words = last_words();
  auto says = [&](const char* part) { return words.find(part) != std::string::npos; };
  if (status == GIT_EAUTH || says("401") || says("403") || says("authentication"))
    return make_error(errc::unresolvable_ref,
                      what + ". The repository does not exist or is not public.");
  if (status == GIT_ENOTFOUND || says("404") || says("not found") || says("access denied") ||
      says("repository not exported") || says("no such repository") ||
      (fault && fault->klass == GIT_ERROR_HTTP))
    return make_error(errc::unresolvable_ref,
                      what + ". Check that the repository exists and is public.");
  return make_error(errc::unreachable, what + ". Check the address, or try again later.");
}

/// No credentials are ever offered here.
int no_credentials(git_credential**, const char*, const char*, unsigned int, void*) {
  return GIT_EAUTH;
}

std::string commit_of(const git_remote_head* const* heads, size_t count, const std::string& ref) {
  auto find = [&](const std::string& name) -> const git_remote_head* {
    for (size_t i = 0; i < count; ++i)
      if (name == heads[i]->name) return heads[i];
    return nullptr;
  };
  for (const std::string& name :
       {ref, "refs/" + ref, "refs/tags/" + ref, "refs/heads/" + ref, "refs/remotes/" + ref}) {
    // `^{}` is the commit that an annotated tag points at.
    for (const auto& candidate : {name + "^{}", name})
      if (const auto* head = find(candidate)) {
        std::array<char, GIT_OID_HEXSZ + 1> hex{};
        git_oid_tostr(hex.data(), hex.size(), &head->oid);
        return hex.data();
      }
  }
  return "";
}

}  // namespace

caf::expected<std::string> resolve_with_libgit2(const git_query& query) {
  library in_use;
  git_remote* raw = nullptr;
  if (auto status = git_remote_create_detached(&raw, query.url.c_str()); status != 0)
    return cannot_ask(query, status);
  std::unique_ptr<git_remote, decltype(&git_remote_free)> remote{raw, git_remote_free};
  git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
  callbacks.credentials = no_credentials;
  if (auto status =
          git_remote_connect(remote.get(), GIT_DIRECTION_FETCH, &callbacks, nullptr, nullptr);
      status != 0)
    return cannot_ask(query, status);
  const git_remote_head** heads = nullptr;
  size_t count = 0;
  if (auto status = git_remote_ls(&heads, &count, remote.get()); status != 0)
    return cannot_ask(query, status);
  auto commit = commit_of(heads, count, query.ref);
  if (commit.empty())
    return make_error(errc::unresolvable_ref,
                      "Could not resolve ref \"" + query.ref + "\" of " + shown_url(query.url) +
                          ": there is no such branch or tag. Double check the name; HEAD stands "
                          "for the default branch.");
  return commit;
}

std::string encode_query(const git_query& query) {
  return nlohmann::json{{"url", query.url}, {"ref", query.ref}, {"public_only", query.public_only}}
      .dump();
}

caf::expected<git_query> decode_query(const std::string& text) {
  auto parsed = nlohmann::json::parse(text, nullptr, false);
  if (!parsed.is_object() || !parsed["url"].is_string() || !parsed["ref"].is_string() ||
      !parsed["public_only"].is_boolean())
    return make_error(errc::bad_request,
                      "The query is not a JSON object with url, ref and public_only");
  return git_query{parsed["url"], parsed["ref"], parsed["public_only"].get<bool>()};
}

std::string encode_answer(const caf::expected<std::string>& answer) {
  nlohmann::json json;
  if (answer)
    json["commit"] = *answer;
  else
    json = {{"code", static_cast<int>(code_of(answer.error()))},
            {"message", describe(answer.error())}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

caf::expected<std::string> decode_answer(const std::string& text) {
  auto bad = [] {
    return make_error(errc::bad_answer, "The git resolver gave an unreadable answer");
  };
  auto parsed = nlohmann::json::parse(text, nullptr, false);
  if (!parsed.is_object()) return bad();
  if (parsed.contains("commit") && parsed["commit"].is_string()) {
    auto commit = parsed["commit"].get<std::string>();
    auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (commit.size() != 40 || !std::all_of(commit.begin(), commit.end(), hex)) return bad();
    return commit;
  }
  if (!parsed.contains("message") || !parsed["message"].is_string() || !parsed.contains("code") ||
      !parsed["code"].is_number_unsigned())
    return bad();
  auto code = parsed["code"].get<unsigned>();
  if (code == 0 || code > static_cast<unsigned>(errc::internal)) return bad();
  return make_error(static_cast<errc>(code), parsed["message"].get<std::string>());
}

}  // namespace bindery
