#include "runtime/hub/verdict.hpp"

#include <string>

#include "runtime/error.hpp"
#include "runtime/hub/api.hpp"
#include "runtime/net/service_fault.hpp"

namespace bindery {

namespace {

bool is_success(const http_response& response) {
  return response.status >= 200 && response.status < 300;
}

bool says(const http_response& response, const char* words) {
  return hub_message(response).find(words) != std::string::npos;
}

/// JupyterHub says 400 where other APIs say 409.
bool is_started_already(const http_response& response) {
  return response.status == 409 || (response.status == 400 && (says(response, "already running") ||
                                                               says(response, "is pending spawn")));
}

}  // namespace

caf::error judge_create_user(const http_response& response, uint32_t attempts) {
  if (is_success(response)) return {};
  if (response.status != 409) return hub_refusal(response);
  if (attempts > 1) return {};
  return make_error(errc::already_running, "JupyterHub has a user of that name already");
}

caf::error judge_start(const http_response& response, uint32_t attempts) {
  if (is_success(response)) return {};
  if (!is_started_already(response)) return hub_refusal(response);
  if (attempts > 1) return {};
  return make_error(errc::already_running, "the user's server runs already");
}

caf::error judge_removal(const http_response& response, uint32_t) {
  return is_success(response) || response.status == 404 ? caf::error{} : hub_refusal(response);
}

caf::error judge_check(const http_response& response, uint32_t) {
  return is_success(response) ? caf::error{} : hub_refusal(response);
}

caf::error hub_refusal(const http_response& response) {
  auto text = "JupyterHub answered " + std::to_string(response.status);
  if (auto words = hub_message(response); !words.empty()) text += ": " + words;
  if (response.status != 401 && response.status != 403)
    return make_error(errc::upstream_error, text);
  return make_error(errc::upstream_error,
                    text + " (check Bindery's API token for the hub, and the scopes of its role)",
                    text);
}

caf::error hub_unasked(const caf::error& why) {
  return unasked("JupyterHub", why);
}

bool is_hub_busy(const http_response& response) {
  return response.status >= 500 ||
         (response.status == 400 &&
          (says(response, "is pending") || says(response, "in the process of stopping")));
}

}  // namespace bindery
