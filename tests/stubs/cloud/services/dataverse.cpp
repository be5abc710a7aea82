#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// A Dataverse: the citation leads to the page, the API tells of the dataset.
class dataverse_service : public service {
 public:
  std::string name() const override { return "dataverse"; }

  answer take(const request& asked) override {
    auto doi = asked.parameter("persistentId");
    if (asked.path == "/citation")
      return redirect("GET /citation",
                      asked.origin + "/dataset.xhtml?persistentId=" + escape(doi, ":/"));
    if (asked.path == "/dataset.xhtml")
      return text_answer("GET /dataset.xhtml", 200, "<html><body>Dataverse</body></html>");
    if (asked.path == "/api/datasets/:persistentId") return dataset(doi);
    return json_answer("unknown", 404, {{"status", "ERROR"}, {"code", 404}});
  }

 private:
  static answer dataset(const std::string& doi) {
    const std::string route = "GET /api/datasets/:persistentId";
    auto slash = doi.find('/');
    if (!doi.starts_with("doi:") || slash == std::string::npos ||
        doi.find("GONE") != std::string::npos)
      return json_answer(
          route, 404,
          {{"status", "ERROR"}, {"message", "Dataset with Persistent ID " + doi + " not found."}});
    return json_answer(route, 200,
                       {{"status", "OK"},
                        {"data",
                         {{"id", 3'000'000 + hash_of(doi) % 1'000'000},
                          {"identifier", doi.substr(slash + 1)},
                          {"persistentUrl", "https://doi.org/" + doi.substr(4)},
                          {"protocol", "doi"},
                          {"authority", doi.substr(4, slash - 4)},
                          {"publisher", "Stub Dataverse"},
                          {"publicationDate", "2024-03-05"},
                          {"latestVersion",
                           {{"id", 152'568},
                            {"versionNumber", 3},
                            {"versionMinorNumber", 1},
                            {"versionState", "RELEASED"},
                            {"files", json::array()}}}}}});
  }
};

}  // namespace

service_ptr make_dataverse() {
  return std::make_unique<dataverse_service>();
}

}  // namespace stub_cloud
