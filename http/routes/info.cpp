#include "http/route.hpp"

/// What programs ask: versions, providers, metrics, health, CORS.
namespace bindery {

namespace {

constexpr const char* json_type = "application/json; charset=utf-8";

}  // namespace

void serve_versions(route_call& call) {
  constexpr const char* allowed = "Access-Control-Allow-Origin";
  if (!call.response.has_header(allowed)) call.set(allowed, "*");
  call.response.set_content(call.shared.place.versions_json, json_type);
}

void serve_providers(route_call& call) {
  call.response.set_content(call.shared.place.providers_json, json_type);
}

void serve_metrics(route_call& call) {
  call.response.set_content(call.shared.place.metrics_text(),
                            "text/plain; version=0.0.4; charset=utf-8");
}

void serve_health(route_call& call) {
  health_answer answer;
  answer.fields = call.shared.field_lines({"cache-control"}) + "Cache-Control: no-store\r\n";
  answer.with_body = !call.is_head();
  answer.close = !call.keep_alive;
  call.instead = std::move(answer);
}

void serve_preflight(route_call& call) {
  constexpr const char* methods = "Access-Control-Allow-Methods";
  if (!call.response.has_header(methods)) call.set(methods, "GET, HEAD, OPTIONS");
  // A script that joins a stream again asks whether it may say where it was.
  constexpr const char* fields = "Access-Control-Allow-Headers";
  auto allowed = call.response.get_header_value(fields);
  if (allowed != "*") call.set(fields, allowed + ", last-event-id");
}

}  // namespace bindery
