#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// doi.org: each registrant's DOIs lead to its own stub; those with `missing` in them to none.
class doi_service : public service {
 public:
  explicit doi_service(cloud_links links) : links_(std::move(links)) {}

  std::string name() const override { return "doi"; }

  answer take(const request& asked) override {
    const std::string route = "GET /{doi}";
    auto doi = unescape(asked.path.substr(1));
    auto page = page_of(doi);
    if (page.empty())
      return text_answer(route, 404,
                         "<!DOCTYPE html><html><head><title>Error: DOI Not Found</title></head>"
                         "<body><h1>DOI Not Found</h1><p>" +
                             doi + "</p></body></html>");
    auto result = redirect(route, page);
    result.headers.emplace_back("Vary", "Accept");
    result.headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
    return result;
  }

 private:
  std::string page_of(const std::string& doi) const {
    if (doi.find("missing") != std::string::npos) return {};
    if (doi.starts_with("10.5281/")) return links_.url_of("zenodo") + "/doi/" + doi;
    if (auto at = doi.find("figshare."); at != std::string::npos)
      return links_.url_of("figshare") + "/articles/dataset/a-title/" +
             doi.substr(at + sizeof "figshare." - 1);
    if (doi.starts_with("10.7910/"))
      return links_.url_of("dataverse") + "/citation?persistentId=doi:" + escape(doi, "/");
    return {};
  }

  cloud_links links_;
};

}  // namespace

service_ptr make_doi(const cloud_links& links) {
  return std::make_unique<doi_service>(links);
}

}  // namespace stub_cloud
