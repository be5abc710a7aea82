#pragma once

#include <string>

#include "actors/launcher.hpp"
#include "runtime/build/request.hpp"
#include "runtime/launch/request.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

/// Image and build name of a resolved repository (contract, section 4), and the credentials that
/// its build needs.
build_request plan_build(const std::string& image_prefix, std::string git_credentials,
                         const resolved_repository& repository);

/// Name of a launch's temporary user for one attempt. The same for the same launch id and attempt,
/// on every node; nobody who does not know the launch id can guess it.
std::string name_user(const server_plan& plan, uint32_t attempt);

}  // namespace bindery
