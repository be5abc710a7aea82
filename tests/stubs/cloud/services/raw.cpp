#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// Raw files as GitHub and GitLab serve them: `/u/r/raw/<ref>/<file>`, which redirects as GitHub
/// does, and `/group/project/-/raw/<ref>/<file>`. Every repository has a `README.md`, except those
/// that begin with `missing`, `private` (which ask for a login, as GitLab does) and `rst`; `long`
/// has a long one, `latin` one that is no UTF-8.
class raw_service : public service {
 public:
  std::string name() const override { return "raw"; }

  answer take(const request& asked) override {
    const std::string route = "GET /{repository}/raw/{ref}/{file}";
    auto path = asked.elements();
    if (asked.path == "/users/sign_in") return text_answer(route, 200, "<form>Sign in</form>");
    for (size_t i = 2; i + 2 < path.size(); ++i) {
      if (path[i] != "raw") continue;
      if (path[i - 1] == "-") return file(asked, route, path[i - 2], path[i + 1], path.back());
      if (path[0] == "content") return file(asked, route, path[i - 1], path[i + 1], path.back());
      return redirect(route, asked.origin + "/content" + asked.path);
    }
    return text_answer("unknown", 404, "Not Found");
  }

 private:
  static answer file(const request& asked, const std::string& route, const std::string& repo,
                     const std::string& ref, const std::string& wanted) {
    auto is = [&repo](const char* word) { return repo.starts_with(word); };
    auto text = [&](std::string body) {
      return text_answer(route, 200, std::move(body), "text/plain; charset=utf-8");
    };
    if (is("private")) return redirect(route, asked.origin + "/users/sign_in");
    if (is("missing") || wanted != (is("rst") ? "README.rst" : "README.md"))
      return text_answer(route, 404, "404: Not Found", "text/plain; charset=utf-8");
    if (is("long")) return text(std::string(1'000'000, 'x'));
    if (is("latin")) return text("caf\xe9\n");
    return text("# " + repo + " at " + ref + "\n\nCaf\xc3\xa9 <b>&amp;</b>\n");
  }
};

}  // namespace

service_ptr make_raw() {
  return std::make_unique<raw_service>();
}

}  // namespace stub_cloud
