#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// Zenodo's pages: a DOI leads to its record. Numbers that end in 0 stand for all versions of a
/// record, whose newest is three further.
class zenodo_service : public service {
 public:
  std::string name() const override { return "zenodo"; }

  answer take(const request& asked) override {
    auto path = asked.elements();
    if (path.size() == 3 && path[0] == "doi") {
      auto id = path[2].substr(path[2].rfind('.') + 1);
      if (id.ends_with('0')) id.back() = '3';
      return redirect("GET /doi/{doi}", asked.origin + "/records/" + id);
    }
    if (path.size() == 2 && path[0] == "records")
      return text_answer("GET /records/{id}", 200,
                         "<!DOCTYPE html><html><head><title>Record " + path[1] +
                             "</title></head><body>Zenodo</body></html>");
    return text_answer("unknown", 404, "<html><body>Page not found</body></html>");
  }
};

}  // namespace

service_ptr make_zenodo() {
  return std::make_unique<zenodo_service>();
}

}  // namespace stub_cloud
