#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// A CKAN: datasets and their past states; names that begin with `missing` and `private` are not
/// there, or not for everybody.
class ckan_service : public service {
 public:
  std::string name() const override { return "ckan"; }

  answer take(const request& asked) override {
    auto path = asked.elements();
    auto action = path.size() == 4 && path[0] == "api" ? path[3] : std::string{};
    auto route = "GET /api/3/action/" + action;
    if (action != "package_show" && action != "activity_data_show")
      return text_answer("unknown", 404, "<html><body>404 Not Found</body></html>");
    auto id = asked.parameter("id");
    if (id.starts_with("missing")) return fault(route, 404, "Not Found Error", "Not found");
    if (id.starts_with("private")) return fault(route, 403, "Authorization Error", "Access denied");
    auto modified = static_cast<int64_t>(1'650'000'000 + hash_of(id) % 10'000'000);
    auto date = iso_time(modified);
    date.back() = '.';
    return json_answer(route, 200,
                       {{"help", asked.origin + "/api/3/action/help_show?name=" + action},
                        {"success", true},
                        {"result",
                         {{"id", commit_of(id).substr(0, 32)},
                          {"name", id},
                          {"metadata_created", "2022-01-02T03:04:05.678901"},
                          {"metadata_modified", date + "678901"},
                          {"private", false},
                          {"state", "active"},
                          {"resources", json::array()}}}},
                       "application/json;charset=utf-8");
  }

 private:
  static answer fault(const std::string& route, int status, const char* type, const char* words) {
    return json_answer(route, status,
                       {{"success", false}, {"error", {{"message", words}, {"__type", type}}}},
                       "application/json;charset=utf-8");
  }
};

}  // namespace

service_ptr make_ckan() {
  return std::make_unique<ckan_service>();
}

}  // namespace stub_cloud
