#pragma once

#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "runtime/net/http_message.hpp"

namespace bindery {

// What the providers share whose specs are DOIs.

/// The DOI that a spec is, without escapes: `10.5281/zenodo.3242074`. It is made of the characters
/// that registrars recommend, so that nobody reads it otherwise than we do. `example` ends the
/// error. Errors: bad_spec.
caf::expected<std::string> read_doi(std::string_view spec, const std::string& example);

/// Where the resolver at `base` tells what `doi` leads to.
std::string doi_request_url(const std::string& base, std::string_view doi);

/// The public address of a DOI.
std::string doi_page(std::string_view doi);

/// The error for an answer on the way of `doi` to its page: not found, not public, or a fault of
/// the site. No error for a success. Errors: unresolvable_ref, too_many_requests, upstream_error.
caf::error doi_refusal(const http_response& answer, const std::string& host,
                       const std::string& doi);

}  // namespace bindery
