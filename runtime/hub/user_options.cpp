#include "runtime/hub/user_options.hpp"

#include <nlohmann/json.hpp>

namespace bindery {

std::string encode_user_options(const hub_user_options& options) {
  nlohmann::ordered_json body{
      {"image", options.image},
      {"repo_url", options.repo_url},
      {"token", options.token},
      {"binder_ref_url", options.binder_ref_url},
      {"binder_launch_host", options.binder_launch_host},
      {"binder_request", options.binder_request},
      {"binder_persistent_request", options.binder_persistent_request},
      {"binder_client_ip", options.binder_client_ip},
  };
  return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace bindery
