#pragma once

#include <string>

namespace bindery {

/// The `Authorization` value for a user name and a password (RFC 7617). A secret.
std::string basic_authorization(const std::string& username, const std::string& password);

}  // namespace bindery
