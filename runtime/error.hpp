#pragma once

#include <cstdint>
#include <string>

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/fwd.hpp>

namespace bindery {

/// Every way in which Bindery fails. One code per thing a caller may want to tell apart; the words
/// for people are in the error's context (see `make_error`).
enum class errc : uint8_t {
  none = 0,
  bad_request,        ///< the client's request is malformed (HTTP 400)
  forbidden,          ///< the request is understood and refused (403)
  too_many_requests,  ///< a rate limit is reached, or a queue is full (429)
  unknown_provider,   ///< no provider of that prefix (404)
  bad_spec,           ///< a spec that the provider cannot read (400)
  banned_spec,        ///< a spec that the operator banned (403)
  unresolvable_ref,   ///< repository or ref does not exist, or is not visible (404)
  timeout,            ///< a deadline passed (504)
  unreachable,        ///< no connection to an upstream could be made (502)
  upstream_error,     ///< an upstream answered with an error status (502)
  bad_answer,         ///< an upstream's answer cannot be read (502)
  too_large,          ///< a message or file exceeds its bound (413)
  cancelled,          ///< the asker went away or asked to stop
  build_failed,       ///< repo2docker ended without an image
  launch_failed,      ///< JupyterHub could not start the server
  already_running,    ///< the user's server runs already (409)
  pod_quota,          ///< as many servers run as `total_quota` allows (429)
  repo_quota,         ///< as many servers of this repository run as its quota allows (429)
  process_failed,     ///< a child process could not be started or ended badly
  bad_settings,       ///< the settings cannot be used
  io_failed,          ///< a file, folder or socket of this machine failed us
  shutting_down,      ///< the node is ending
  internal,           ///< a fault of Bindery's own
};

/// Identifier form of a code, as logs and messages between nodes show it: `bad_spec`.
std::string to_string(errc code);

/// An error whose `context` tells people what was attempted, on what, why it failed and what to do.
/// The context must never hold a secret: it reaches browsers and logs.
caf::error make_error(errc code);
caf::error make_error(errc code, std::string context);
/// As above where clients must not read all of it, such as where a service runs or what operators
/// may do: `for_clients` is for them, `context` for logs and command lines.
caf::error make_error(errc code, std::string context, std::string for_clients);

/// The same error with further words around those it has, for clients too.
caf::error surrounded(const caf::error& err, const std::string& before, const std::string& after);

/// The code of an error, or `errc::internal` for errors that did not come from Bindery.
/// CAF's own `request_timeout` counts as `timeout`, a lost receiver as `unreachable`.
errc code_of(const caf::error& err);

/// The words for people: the context where there is one, else a sentence for the code. Operators
/// may read them; clients too, but of what comes from services of this installation.
std::string describe(const caf::error& err);

/// The same without what is for operators alone.
std::string describe_for_clients(const caf::error& err);

/// The HTTP status that stands for this code in `status_code` of a failed event.
int http_status(errc code);

}  // namespace bindery
