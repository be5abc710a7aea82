#pragma once

#include <string>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "runtime/net/http_message.hpp"

namespace bindery {

// How the answers of forges (GitHub, GitLab) are read. Their bodies count as hostile.

/// The commit hash under `key` of an answer's JSON object. `host` names the forge in errors.
/// Errors: bad_answer.
caf::expected<std::string> read_commit(const http_response& answer, const char* key,
                                       const std::string& host);

/// The error for an answer that is neither a result nor "not found". `question` ends the sentence
/// "<host> answered 500 when asked ...". `credentials` names the settings that a 401 points at.
/// Errors: too_many_requests for 429, upstream_error.
caf::error forge_refusal(const http_response& answer, const std::string& host,
                         const std::string& question, const std::string& credentials);

/// The error for a ref that `host` does not have, or does not show. Errors: unresolvable_ref.
caf::error not_found(const std::string& repo_url, const std::string& ref);

/// `base` without slashes at its end.
std::string without_end_slashes(std::string base);

}  // namespace bindery
