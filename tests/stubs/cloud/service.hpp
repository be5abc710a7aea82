#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/stubs/cloud/message.hpp"

namespace stub_cloud {

/// One upstream that is imitated.
class service {
 public:
  virtual ~service() = default;
  virtual std::string name() const = 0;
  virtual answer take(const request& asked) = 0;
  /// Changes what it does; the keys are in docs/stub-cloud.md. Throws std::exception on bad ones.
  virtual void behave(const json& wanted);
  /// Forgets everything that clients and the control API have told.
  virtual void reset() {}
};

/// What services know of one another.
struct cloud_links {
  /// Where the service of that name is reached.
  std::function<std::string(const std::string&)> url_of;
  /// Images that the stub engine has, by name with tag.
  std::shared_ptr<std::vector<std::string>> images = std::make_shared<std::vector<std::string>>();
};

using service_ptr = std::unique_ptr<service>;

service_ptr make_github();
service_ptr make_gitlab();
service_ptr make_raw();
service_ptr make_git();
service_ptr make_doi(const cloud_links& links);
service_ptr make_zenodo();
service_ptr make_figshare();
service_ptr make_dataverse();
service_ptr make_hydroshare();
service_ptr make_ckan();
service_ptr make_registry();
service_ptr make_hub();
service_ptr make_engine(const cloud_links& links);
service_ptr make_repo2docker(const cloud_links& links);

/// All of them.
std::vector<service_ptr> make_services(const cloud_links& links);

}  // namespace stub_cloud
