#include <algorithm>

#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// A container engine as far as Bindery asks it: who are you, and do you have this image?
class engine_service : public service {
 public:
  explicit engine_service(cloud_links links) : links_(std::move(links)) {}

  std::string name() const override { return "engine"; }
  void reset() override { links_.images->clear(); }

  void behave(const json& wanted) override {
    *links_.images = wanted.at("images").get<std::vector<std::string>>();
  }

  answer take(const request& asked) override {
    auto path = unescape(asked.path);
    if (path.starts_with("/v1.")) path.erase(0, std::min(path.find('/', 1), path.size()));
    if (path == "/_ping") return text_answer("GET /_ping", 200, "OK", "text/plain");
    if (path == "/version")
      return json_answer("GET /version", 200,
                         {{"Version", "27.5.1"},
                          {"ApiVersion", "1.47"},
                          {"MinAPIVersion", "1.24"},
                          {"Os", "linux"},
                          {"Arch", "amd64"}});
    if (path.starts_with("/images/") && path.ends_with("/json")) {
      const std::string route = "GET /images/{name}/json";
      auto image = path.substr(8, path.size() - 8 - 5);
      const auto& all = *links_.images;
      if (std::find(all.begin(), all.end(), image) == all.end())
        return json_answer(route, 404, {{"message", "No such image: " + image}});
      return json_answer(route, 200,
                         {{"Id", "sha256:" + commit_of(image)},
                          {"RepoTags", json::array({image})},
                          {"Os", "linux"},
                          {"Size", 417'000'000}});
    }
    return json_answer("unknown", 404, {{"message", "page not found"}});
  }

 private:
  cloud_links links_;
};

}  // namespace

service_ptr make_engine(const cloud_links& links) {
  return std::make_unique<engine_service>(links);
}

}  // namespace stub_cloud
