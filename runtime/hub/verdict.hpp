#pragma once

#include <cstdint>

#include <caf/error.hpp>

#include "runtime/net/http_message.hpp"

namespace bindery {

/// What JupyterHub's answers mean; no error is success. `attempts` is the number of the attempt
/// that brought the answer: a repeat that finds its work done already has succeeded. Errors:
/// already_running, upstream_error with the hub's own words.
caf::error judge_create_user(const http_response& response, uint32_t attempts);
caf::error judge_start(const http_response& response, uint32_t attempts);
/// Of stopping a server or deleting a user: one that is gone is fine.
caf::error judge_removal(const http_response& response, uint32_t attempts);
caf::error judge_check(const http_response& response, uint32_t attempts);

/// `JupyterHub answered 403: <its words>`, as upstream_error.
caf::error hub_refusal(const http_response& response);

/// JupyterHub could not be asked: `unasked` of it.
caf::error hub_unasked(const caf::error& why);

/// True for 5xx, and where the hub says that the server is in the middle of starting or stopping,
/// so that the same request succeeds a moment later.
bool is_hub_busy(const http_response& response);

}  // namespace bindery
