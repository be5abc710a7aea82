#include <algorithm>

#include "http/accept.hpp"
#include "http/event_text.hpp"
#include "http/route.hpp"
#include "http/target.hpp"
#include "runtime/error.hpp"

/// `GET /build/<provider>/<spec>`: the event stream of a launch. Every failure is an event.
namespace bindery {

namespace {

std::string stream_head(const route_call& call) {
  std::string head =
      "HTTP/1.1 200 OK\r\n"
      "content-type: text/event-stream\r\n"
      "cache-control: no-cache\r\n";
  head += call.shared.field_lines({"cache-control", "x-accel-buffering"});
  if (call.takes_chunks) head += "transfer-encoding: chunked\r\n";
  head += "x-accel-buffering: no\r\n";  // lest a proxy holds events back
  return head + "connection: close\r\n\r\n";
}

void fail(route_call& call, int status, std::string_view message) {
  call.instead =
      failure_answer{stream_head(call), call.takes_chunks, make_failure(message, status)};
}

bool is_true(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text == "true";
}

/// Whether this launch counts against its client's rate limit. The one place for who is exempt:
/// whoever comes from a page of ours, and whoever is logged in.
bool is_counted(const launch_request& launch) {
  return !launch.with_build_token && launch.user.empty();
}

/// A field of the client's own words, as it may go on to the event log.
std::string bounded(std::string text) {
  constexpr size_t longest = 255;
  text.resize(std::min(text.size(), longest));
  return text;
}

}  // namespace

void serve_build(route_call& call) {
  constexpr std::string_view prefix = "/build/";
  const auto& place = call.shared.place;
  auto rest = call.path.substr(prefix.size());
  auto slash = rest.find('/');
  if (slash == 0 || slash == std::string_view::npos || slash + 1 == rest.size())
    return serve_not_found(call);
  auto spec = without_end_slashes(rest.substr(slash + 1));
  if (spec.empty()) return fail(call, 400, "The address of this launch names no repository.");
  if (!is_safe_path(call.path))
    return fail(call, 400, "The address of this launch is malformed. Check its escapes.");
  if (!place.allow_any_accept && !names_event_stream(call.all_values("Accept")))
    return fail(call, 400,
                "This address answers with an event stream. Ask with \"Accept: "
                "text/event-stream\".");
  switch (find_asker(call)) {
    case asker::anybody:
    case asker::known:
      break;
    case asker::asked:
      return;
    case asker::nobody:
      return fail(call, 403,
                  "Launches need a login here. Open " + call.own_url() +
                      " in a browser and log in, or send an API token of JupyterHub in the "
                      "Authorization field.");
    case asker::unproven:
      return fail(call, 403,
                  "This login needs the page's proof beside it (_xsrf). Reload the page.");
    case asker::not_allowed:
      return fail(
          call, 403,
          call.user + " may not use this Bindery. Ask the hub's administrators for access.");
    case asker::unclear:
      return fail(call, 503,
                  "Your login could not be checked: " + describe_for_clients(call.login->why));
  }
  if (call.is_service)
    return fail(call, 403,
                call.user +
                    " is a service of JupyterHub, and has no servers. Launch with a user's "
                    "token.");
  launch_request launch;
  launch.user = call.user;
  launch.build_only = is_true(query_value(call.query, "build_only").value_or(""));
  if (launch.build_only && !place.api_only)
    return fail(call, 400,
                "Building without launching is allowed only where the API-only mode "
                "(enable_api_only_mode) is on.");
  if (!launch.build_only && place.require_build_only)
    return fail(call, 400,
                "Only builds are allowed here (require_build_only): ask with \"build_only=true\".");
  auto resume = read_event_id(call.request.get_header_value("Last-Event-ID"));
  auto token = query_value(call.query, "build_token");
  std::optional<stream_event> refusal;
  if (token && !token->empty() && place.tokens) {
    // Pages sign the link as it was sent, slashes at its end included.
    auto why = place.tokens->check(*token, std::string{rest}, call.asking_host());
    // A stream that breaks off may be joined again after its token has expired.
    if (why && !resume) return fail(call, http_status(code_of(why)), describe(why));
    if (why) refusal = make_failure(describe(why), http_status(code_of(why)));
    launch.with_build_token = !why;
  }
  auto origin = call.request.get_header_value("Origin");
  launch.launch_id = place.make_launch_id();
  launch.provider = rest.substr(0, slash);
  launch.spec = spec;
  launch.client_ip = call.client.address;
  launch.launch_host = call.launch_host();
  launch.own_url = call.own_url();
  launch.origin = place.normalized_origin.empty() ? call.host : place.normalized_origin;
  launch.request_origin =
      bounded(origin.empty() ? call.request.get_header_value("Sec-Fetch-Site") : origin);
  auto counted = is_counted(launch);
  call.instead = stream_answer{stream_head(call), call.takes_chunks, std::move(launch),
                               std::move(resume), counted,           std::move(refusal)};
}

}  // namespace bindery
