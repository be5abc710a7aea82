#include "runtime/net/authorization.hpp"

#include "runtime/text/base64.hpp"

namespace bindery {

std::string basic_authorization(const std::string& username, const std::string& password) {
  return "Basic " + to_base64(username + ":" + password);
}

}  // namespace bindery
