#pragma once

#include <string>

#include <caf/meta/type_name.hpp>

namespace bindery {

/// One image to build. Equal on every node for equal (slug, ref).
struct build_request {
  std::string build_name;  ///< DNS-safe name of the build (contract, section 4)
  std::string image_name;  ///< with registry part and tag
  std::string repo_url;
  std::string ref;              ///< resolved
  std::string provider;         ///< prefix
  std::string git_credentials;  ///< for `GIT_CREDENTIAL_ENV`; never logged
  std::string repository = {};  ///< `repository_key`, for the history; "" for none
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, build_request& x) {
  return f(caf::meta::type_name("build_request"), x.build_name, x.image_name, x.repo_url, x.ref,
           x.provider, x.git_credentials, x.repository);
}

}  // namespace bindery
