#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// Where the program `fake_repo2docker` asks what to do, and is counted: one request per build.
class repo2docker_service : public service {
 public:
  explicit repo2docker_service(cloud_links links) : links_(std::move(links)) {}

  std::string name() const override { return "repo2docker"; }

  void behave(const json& wanted) override {
    lines_ = wanted.value("lines", lines_);
    milliseconds_ = wanted.value("milliseconds", milliseconds_);
    failure_ = wanted.value("failure", failure_);
  }

  void reset() override {
    lines_ = 5;
    milliseconds_ = 0;
    failure_.clear();
  }

  answer take(const request& asked) override {
    if (asked.method != "POST" || asked.path != "/builds")
      return json_answer("unknown", 404, json::object());
    auto build = json::parse(asked.body, nullptr, false);
    if (!build.is_object() || !build.contains("image"))
      return json_answer("POST /builds", 400, {{"message", "a build names its image"}});
    if (failure_.empty()) links_.images->push_back(build["image"].get<std::string>());
    return json_answer("POST /builds", 200,
                       {{"lines", lines_}, {"milliseconds", milliseconds_}, {"failure", failure_}});
  }

 private:
  cloud_links links_;
  int64_t lines_ = 5;
  int64_t milliseconds_ = 0;
  std::string failure_;
};

}  // namespace

service_ptr make_repo2docker(const cloud_links& links) {
  return std::make_unique<repo2docker_service>(links);
}

}  // namespace stub_cloud
