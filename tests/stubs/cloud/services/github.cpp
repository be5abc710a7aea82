#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// GitHub's REST API, also under a GitHub Enterprise's `/api/v3`. Repositories are invented; names
/// that begin with `missing`, `empty`, `private`, `old` (default branch master) and `moved` mean
/// what they say, refs that begin with `unknown` too, tokens that begin with `bad` are refused.
class github_service : public service {
 public:
  std::string name() const override { return "github"; }

  void behave(const json& wanted) override {
    limit_ = wanted.value("limit", limit_);
    remaining_ = wanted.value("remaining", remaining_);
    reset_in_s_ = wanted.value("reset_in_seconds", reset_in_s_);
    generation_ = wanted.value("generation", generation_);
  }

  void reset() override { *this = {}; }

  answer take(const request& asked) override {
    auto path = asked.elements();
    if (path.size() > 2 && path[0] == "api" && path[1] == "v3")
      path.erase(path.begin(), path.begin() + 2);
    auto result = refused(asked);
    if (result.status == 200) result = route(asked, path);
    add_headers(asked, result);
    return result;
  }

 private:
  static answer fault(std::string route, int status, const std::string& words) {
    return json_answer(std::move(route), status,
                       {{"message", words},
                        {"documentation_url", "https://docs.github.com/rest"},
                        {"status", std::to_string(status)}},
                       "application/json; charset=utf-8");
  }

  answer refused(const request& asked) const {
    auto login = asked.header("authorization");
    if (login.find(" bad") != std::string::npos) return fault("refused", 401, "Bad credentials");
    if (remaining_ > 0) return {};
    return fault(
        "limited", 403,
        "API rate limit exceeded for 203.0.113.7. (But here's the good news: Authenticated "
        "requests get a higher rate limit.)");
  }

  answer route(const request& asked, const std::vector<std::string>& path) {
    if (path.size() == 1 && path[0] == "rate_limit")
      return json_answer("GET /rate_limit", 200, {{"rate", rate()}});
    if (path.size() == 2 && path[0] == "gists") return gist(asked, path[1]);
    if (path.size() >= 5 && path[0] == "repos" && path[3] == "commits") {
      auto ref = path[4];
      for (size_t i = 5; i < path.size(); ++i) ref += "/" + path[i];
      return commit(asked, path[1], path[2], ref);
    }
    return fault("unknown", 404, "Not Found");
  }

  answer commit(const request& asked, const std::string& owner, const std::string& repo,
                const std::string& ref) {
    const std::string route = "GET /repos/{owner}/{repo}/commits/{ref}";
    auto is = [&repo](const char* word) { return repo.starts_with(word); };
    if (is("missing") || (is("private") && asked.header("authorization").empty()))
      return fault(route, 404, "Not Found");
    if (is("empty")) return fault(route, 409, "Git Repository is empty.");
    if (is("moved"))
      return redirect(route, asked.origin + "/repos/" + owner + "/now-" + repo + "/commits/" + ref,
                      301);
    const std::string branch = is("old") ? "master" : "main";
    bool absent =
        ref.starts_with("unknown") || ((ref == "main" || ref == "master") && ref != branch);
    if (absent) return fault(route, 422, "No commit found for SHA: " + ref);
    bool whole = ref.size() == 40 && ref.find_first_not_of("0123456789abcdef") == std::string::npos;
    auto named = ref == "HEAD" ? branch : ref;
    auto sha =
        whole ? ref : commit_of(owner + "/" + repo + "@" + named + std::to_string(generation_));
    return tagged(asked, json_answer(route, 200, commit_body(asked, owner + "/" + repo, sha),
                                     "application/json; charset=utf-8"));
  }

  static json person(const std::string& login) {
    return {{"login", login},
            {"id", hash_of(login) % 100'000'000},
            {"type", "User"},
            {"site_admin", false},
            {"html_url", "https://github.com/" + login}};
  }

  static json commit_body(const request& asked, const std::string& repo, const std::string& sha) {
    json who = {{"name", "Ada"}, {"email", "ada@example.org"}, {"date", "2024-03-05T06:07:08Z"}};
    auto base = asked.origin + "/repos/" + repo;
    return {
        {"sha", sha},
        {"node_id", "C_" + sha.substr(0, 20)},
        {"commit",
         {{"author", who},
          {"committer", who},
          {"message", "Change what is shown"},
          {"tree", {{"sha", commit_of("tree" + sha)}, {"url", base + "/git/trees"}}},
          {"comment_count", 0},
          {"verification", {{"verified", false}, {"reason", "unsigned"}, {"signature", nullptr}}}}},
        {"url", base + "/commits/" + sha},
        {"html_url", "https://github.com/" + repo + "/commit/" + sha},
        {"author", person("ada")},
        {"committer", person("ada")},
        {"parents", json::array({{{"sha", commit_of("parent" + sha)}}})},
        {"stats", {{"total", 2}, {"additions", 1}, {"deletions", 1}}},
        {"files", json::array({{{"filename", "index.ipynb"}, {"status", "modified"}}})}};
  }

  answer gist(const request& asked, const std::string& id) {
    const std::string route = "GET /gists/{id}";
    if (id.starts_with("missing")) return fault(route, 404, "Not Found");
    json history = json::array();
    for (int i = 3; i > 0; --i)
      history.push_back({{"user", person("ada")},
                         {"version", commit_of(id + std::to_string(i))},
                         {"committed_at", iso_time(1'700'000'000 + i)},
                         {"change_status", {{"total", 1}, {"additions", 1}, {"deletions", 0}}}});
    json body = {{"id", id},
                 {"public", !id.starts_with("secret")},
                 {"git_pull_url", "https://gist.github.com/" + id + ".git"},
                 {"files", {{"index.ipynb", {{"type", "text/plain"}, {"content", "{}"}}}}},
                 {"owner", person("ada")},
                 {"history", history},
                 {"truncated", false}};
    return tagged(asked, json_answer(route, 200, body, "application/json; charset=utf-8"));
  }

  /// With its entity tag; or only that the client's own still holds.
  static answer tagged(const request& asked, answer whole) {
    auto tag = "W/\"" + commit_of(whole.body) + "\"";
    if (asked.header("if-none-match") == tag) {
      whole.status = 304;
      whole.body.clear();
      whole.headers.clear();
    }
    whole.headers.emplace_back("ETag", tag);
    whole.headers.emplace_back("Cache-Control", "private, max-age=60, s-maxage=60");
    return whole;
  }

  json rate() const {
    return {{"limit", limit_},
            {"remaining", remaining_},
            {"reset", now_s() + reset_in_s_},
            {"used", limit_ - remaining_},
            {"resource", "core"}};
  }

  void add_headers(const request& asked, answer& told) {
    bool counts = told.status != 304 && told.route != "GET /rate_limit" && remaining_ > 0;
    if (counts) --remaining_;
    auto& headers = told.headers;
    headers.emplace_back("Server", "github.com");
    headers.emplace_back("X-GitHub-Media-Type", "github.v3; format=json");
    headers.emplace_back("X-GitHub-Request-Id", commit_of(asked.target).substr(0, 20));
    headers.emplace_back("X-RateLimit-Limit", std::to_string(limit_));
    headers.emplace_back("X-RateLimit-Remaining", std::to_string(remaining_));
    headers.emplace_back("X-RateLimit-Used", std::to_string(limit_ - remaining_));
    headers.emplace_back("X-RateLimit-Reset", std::to_string(now_s() + reset_in_s_));
    headers.emplace_back("X-RateLimit-Resource", "core");
  }

  // Far above GitHub's own 60 and 5,000, so that only who wants it meets it.
  int64_t limit_ = 100'000'000;
  int64_t remaining_ = 100'000'000;
  int64_t reset_in_s_ = 3'000;
  int64_t generation_ = 0;
};

}  // namespace

service_ptr make_github() {
  return std::make_unique<github_service>();
}

}  // namespace stub_cloud
