#include <stdexcept>

#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

void service::behave(const json& wanted) {
  if (!wanted.empty())
    throw std::invalid_argument{name() + " has no behaviour that can be changed"};
}

std::vector<service_ptr> make_services(const cloud_links& links) {
  std::vector<service_ptr> all;
  all.push_back(make_github());
  all.push_back(make_gitlab());
  all.push_back(make_raw());
  all.push_back(make_git());
  all.push_back(make_doi(links));
  all.push_back(make_zenodo());
  all.push_back(make_figshare());
  all.push_back(make_dataverse());
  all.push_back(make_hydroshare());
  all.push_back(make_ckan());
  all.push_back(make_registry());
  all.push_back(make_hub());
  all.push_back(make_engine(links));
  all.push_back(make_repo2docker(links));
  return all;
}

}  // namespace stub_cloud
