#include "actors/observation.hpp"

#include <string>
#include <utility>

#include "runtime/error.hpp"
#include "runtime/log.hpp"
#include "runtime/net/url.hpp"
#include "runtime/providers/spec_text.hpp"

namespace bindery {

namespace {

using std::chrono::milliseconds;

std::string in_seconds(milliseconds time) {
  auto tenths = std::to_string(time.count() % 1000);
  return std::to_string(time.count() / 1000) + "." + std::string(3 - tenths.size(), '0') + tenths;
}

/// The repository, or the spec where it was never found.
std::string subject_of(const launch_outcome& end) {
  return end.repository ? shown_url(end.repository->repo_url)
                        : end.request.provider + "/" + shown_spec(end.request.spec);
}

void log_end(const launch_outcome& end) {
  std::string took = in_seconds(end.launch_time);
  if (!end.failure)
    log_line(log_level::info, "launch is ready",
             {{"launch_id", end.request.launch_id},
              {"repo", subject_of(end)},
              {"attempts", std::to_string(end.attempts)},
              {"launch_seconds", took}});
  else if (end.abandoned)
    log_line(log_level::info, "launch ended: its client left",
             {{"launch_id", end.request.launch_id}, {"repo", subject_of(end)}});
  else
    log_line(log_level::warning, "launch failed",
             {{"launch_id", end.request.launch_id},
              {"repo", subject_of(end)},
              {"error", to_string(code_of(end.failure))},
              {"why", describe(end.failure)}});
}

void count_end(metrics& counters, const launch_outcome& end) {
  auto code = code_of(end.failure);
  if (code == errc::pod_quota || code == errc::repo_quota)
    return counters.launch_refused(to_string(code), end.repository->display_name,
                                   end.repository->repo_url);
  // Upstream counts launches of a server only, not what failed before.
  if (end.attempts == 0) return;
  if (end.abandoned)
    counters.launch_left();
  else
    counters.launch_ended(end.failure ? "failure" : "success", end.attempts - 1,
                          end.repository->display_name, end.repository->repo_url, end.launch_time);
}

launch_record record_of(const launch_outcome& end, std::string_view provider) {
  launch_record record;
  record.provider = provider;
  record.spec = shown_spec(end.request.spec);
  record.ref = end.repository ? end.repository->resolved_ref : "";
  record.status = end.failure ? "failure" : "success";
  record.build_token = end.request.with_build_token;
  record.origin = end.request.origin;
  record.request_origin = end.request.request_origin;
  return record;
}

}  // namespace

void observe_launches(launch_services& services, std::shared_ptr<metrics> counters,
                      std::shared_ptr<event_log> events) {
  services.on_begin = [](const launch_request& request) {
    log_line(log_level::info, "launch began",
             {{"launch_id", request.launch_id},
              {"provider", request.provider},
              {"spec", shown_spec(request.spec)},
              {"client", request.client_ip}});
  };
  services.on_launching = [counters](const launch_request&) { counters->launch_began(); };
  services.on_end = [counters, events, find = services.find_provider](const launch_outcome& end) {
    log_end(end);
    count_end(*counters, end);
    // Readers know a closed set of providers: who asked for one that is not there goes unrecorded.
    const auto* provider = find(end.request.provider);
    if (provider && !end.abandoned && !end.request.build_only)
      events->write(record_of(end, provider->display_name()));
  };
  services.launching.on_retry = [counters](milliseconds took) { counters->launch_retried(took); };
}

build_backend observe_starts(build_backend backend, std::shared_ptr<metrics> counters) {
  return [backend = std::move(backend), counters = std::move(counters)](
             caf::actor_system& system, const build_request& request, build_sink_actor sink) {
    counters->build_began();
    log_line(log_level::info, "build began",
             {{"build_name", request.build_name}, {"repo", shown_url(request.repo_url)}});
    return backend(system, request, std::move(sink));
  };
}

build_observer observe_ends(std::shared_ptr<metrics> counters, provider_namer name_provider) {
  return [counters = std::move(counters), name_provider = std::move(name_provider)](
             const build_request& request, bool ok, milliseconds took) {
    counters->build_ended(ok ? "success" : "failure", name_provider(request.provider),
                          request.repo_url, took);
    log_line(ok ? log_level::info : log_level::warning, ok ? "build succeeded" : "build failed",
             {{"build_name", request.build_name},
              {"repo", shown_url(request.repo_url)},
              {"seconds", in_seconds(took)}});
  };
}

}  // namespace bindery
