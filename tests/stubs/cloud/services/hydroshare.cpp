#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// HydroShare's metadata of a resource; ids that begin with 404 are none.
class hydroshare_service : public service {
 public:
  std::string name() const override { return "hydroshare"; }

  answer take(const request& asked) override {
    const std::string route = "GET /hsapi/resource/{id}/scimeta/elements";
    auto path = asked.elements();
    if (path.size() != 5 || path[1] != "resource" || path[4] != "elements")
      return json_answer("unknown", 404, {{"detail", "Not found."}});
    if (path[2].starts_with("404"))
      return json_answer(route, 404,
                         {{"detail", "No resource was found for resource id:" + path[2]}});
    auto modified = static_cast<int64_t>(1'600'000'000 + hash_of(path[2]) % 100'000'000);
    auto date = [](const char* type, int64_t when) {
      return json{{"type", type}, {"start_date", iso_time(when)}, {"end_date", nullptr}};
    };
    return json_answer(
        route, 200,
        {{"title", "A watershed"},
         {"creators", json::array({{{"name", "Ada"}, {"order", 1}}})},
         {"dates", json::array({date("created", 1'500'000'000), date("modified", modified)})},
         {"type", "CompositeResource"},
         {"language", "eng"}});
  }
};

}  // namespace

service_ptr make_hydroshare() {
  return std::make_unique<hydroshare_service>();
}

}  // namespace stub_cloud
