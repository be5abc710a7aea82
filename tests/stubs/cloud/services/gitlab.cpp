#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// GitLab's commits. Projects whose name begins with `missing`, and with `private` for who has no
/// token, are not there; neither are refs that begin with `unknown`.
class gitlab_service : public service {
 public:
  std::string name() const override { return "gitlab"; }

  answer take(const request& asked) override {
    const std::string route = "GET /api/v4/projects/{id}/repository/commits/{ref}";
    auto path = asked.elements();
    if (path.size() != 7 || path[2] != "projects" || path[5] != "commits")
      return json_answer("unknown", 404, {{"error", "404 Not Found"}});
    auto result = commit(asked, route, path[3], path[6]);
    result.headers.emplace_back("Server", "nginx");
    result.headers.emplace_back("X-Request-Id", commit_of(asked.target).substr(0, 26));
    result.headers.emplace_back("X-Runtime", "0.021");
    result.headers.emplace_back("RateLimit-Limit", "2000");
    result.headers.emplace_back("RateLimit-Remaining", "1999");
    return result;
  }

 private:
  static answer commit(const request& asked, const std::string& route, const std::string& project,
                       const std::string& ref) {
    auto token = asked.header("private-token");
    if (token.empty()) token = asked.header("authorization");
    if (token.starts_with("bad") || token.starts_with("Bearer bad"))
      return json_answer(route, 401, {{"message", "401 Unauthorized"}});
    auto name = project.substr(project.rfind('/') + 1);
    if (name.starts_with("missing") || (name.starts_with("private") && token.empty()))
      return json_answer(route, 404, {{"message", "404 Project Not Found"}});
    if (ref.starts_with("unknown"))
      return json_answer(route, 404, {{"message", "404 Commit Not Found"}});
    bool whole = ref.size() == 40 && ref.find_first_not_of("0123456789abcdef") == std::string::npos;
    auto id = whole ? ref : commit_of("gitlab" + project + "@" + ref);
    const std::string when = "2024-03-05T06:07:08.000+00:00";
    auto result = json_answer(route, 200,
                              {{"id", id},
                               {"short_id", id.substr(0, 8)},
                               {"created_at", when},
                               {"parent_ids", json::array({commit_of(id)})},
                               {"title", "Change what is shown"},
                               {"message", "Change what is shown\n"},
                               {"author_name", "Ada"},
                               {"author_email", "ada@example.org"},
                               {"authored_date", when},
                               {"committer_name", "Ada"},
                               {"committed_date", when},
                               {"trailers", json::object()},
                               {"web_url", "https://gitlab.com/" + project + "/-/commit/" + id},
                               {"stats", {{"additions", 1}, {"deletions", 1}, {"total", 2}}},
                               {"status", nullptr},
                               {"project_id", hash_of(project) % 100'000'000}});
    result.headers.emplace_back("ETag", "W/\"" + commit_of(id).substr(0, 32) + "\"");
    return result;
  }
};

}  // namespace

service_ptr make_gitlab() {
  return std::make_unique<gitlab_service>();
}

}  // namespace stub_cloud
