#pragma once

#include <string>
#include <vector>

#include <caf/expected.hpp>

#include "runtime/hub/identity.hpp"
#include "runtime/net/http_message.hpp"

/// What JupyterHub tells of a user (its documentation, "JupyterHub REST API", `User`).
namespace bindery {

/// Names of the servers in the answer to `GET users/<name>`, "" for the default one: those that run
/// or are on their way. Errors: upstream_error, bad_answer.
caf::expected<std::vector<std::string>> read_servers(const http_response& response);

/// The answer to `GET user`, asked with the token in question. Errors: forbidden where the hub
/// knows no such token, upstream_error, bad_answer.
caf::expected<hub_identity> read_identity(const http_response& response);

/// True where one of `wanted` is among `granted`, or is a filtered form
/// (`access:services!service=x`) of one that is there without a filter. The hub tells scopes
/// expanded, so that nothing else implies them.
bool grants_one_of(const std::vector<std::string>& granted, const std::vector<std::string>& wanted);

}  // namespace bindery
