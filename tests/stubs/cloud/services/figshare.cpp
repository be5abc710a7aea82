#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// Figshare's pages, which keep programs out as the real ones do, and its API: every article has
/// the versions 1 to 3; numbers that begin with 404 are none.
class figshare_service : public service {
 public:
  std::string name() const override { return "figshare"; }

  answer take(const request& asked) override {
    auto path = asked.elements();
    if (path.size() >= 2 && path[0] == "articles") {
      auto held = text_answer("GET /articles/{page}", 202, "");
      held.headers.emplace_back("x-amzn-waf-action", "challenge");
      return held;
    }
    if (path.size() == 4 && path[1] == "articles" && path[3] == "versions")
      return versions(asked, path[2]);
    return json_answer("unknown", 404, {{"message", "Not found"}, {"code", "NotFound"}});
  }

 private:
  static answer versions(const request& asked, const std::string& id) {
    const std::string route = "GET /v2/articles/{id}/versions";
    if (id.starts_with("404"))
      return json_answer(route, 404,
                         {{"message", "Entity not found: article"}, {"code", "EntityNotFound"}});
    json all = json::array();
    for (int version = 1; version <= 3; ++version)
      all.push_back(
          {{"version", version},
           {"url", asked.origin + "/v2/articles/" + id + "/versions/" + std::to_string(version)}});
    return json_answer(route, 200, all);
  }
};

}  // namespace

service_ptr make_figshare() {
  return std::make_unique<figshare_service>();
}

}  // namespace stub_cloud
