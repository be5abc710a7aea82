#include "runtime/metrics/metrics.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <sstream>

#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "runtime/metrics/process_metrics.hpp"
#include "runtime/metrics/repo_counter.hpp"
#include "runtime/metrics/repo_label.hpp"
#include "runtime/metrics/single_value.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;

/// Upper bounds in seconds.
const Histogram::BucketBoundaries build_buckets = {60, 120, 300, 600, 1800, 3600, 7200};
const Histogram::BucketBoundaries launch_buckets = {2, 5, 10, 20, 30, 60, 120, 300, 600};

Family<Gauge>& gauges(Registry& registry, const std::string& name, const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

Family<Histogram>& histograms(Registry& registry, const std::string& name,
                              const std::string& help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

double seconds(std::chrono::milliseconds took) {
  return std::max(std::chrono::duration<double>(took).count(), 0.0);
}

/// Writes whole bucket bounds as upstream's client library does (`le="60.0"`, not `le="60"`): the
/// bound is a label, and queries compare labels as text.
std::string with_upstream_bounds(std::string text) {
  constexpr std::string_view label = "le=\"";
  for (auto at = text.find(label); at != std::string::npos; at = text.find(label, at + 1)) {
    if (at == 0 || (text[at - 1] != ',' && text[at - 1] != '{')) continue;
    auto begin = at + label.size();
    auto end = text.find_first_not_of("0123456789", begin);
    if (end != std::string::npos && end > begin && text[end] == '"') text.insert(end, ".0");
  }
  return text;
}

}  // namespace

struct metrics::state {
  Registry registry;
  Family<Histogram>& build_time =
      histograms(registry, "binderhub_build_time_seconds", "How long builds took, in seconds.");
  Family<Histogram>& launch_time =
      histograms(registry, "binderhub_launch_time_seconds",
                 "How long attempts to launch a server took, in seconds.");
  Gauge& builds_now =
      gauges(registry, "binderhub_inprogress_builds", "Builds that run now.").Add({});
  Gauge& launches_now =
      gauges(registry, "binderhub_inprogress_launches", "Launches that run now.").Add({});
  Family<Gauge>& github_limit = gauges(registry, "binderhub_github_rate_limit_remaining",
                                       "Requests that GitHub still allows us in this period.");

  /// Guards the three below.
  std::mutex mutex;
  repo_label repos;
  repo_counter builds{registry, "binderhub_build_count_total", "Builds that ended."};
  repo_counter launches{registry, "binderhub_launch_count_total", "Launches that ended."};

  std::atomic<uint64_t> connections{0}, event_streams{0}, accepted{0}, refused{0}, slow_readers{0};

  void count(repo_counter& family, const std::string& status, const std::string& provider,
             const std::string& repo) {
    std::lock_guard guard{mutex};
    auto chosen = repos.count(repo);
    if (!chosen.dropped.empty()) {
      builds.drop(chosen.dropped);
      launches.drop(chosen.dropped);
    }
    family.count(status, is_utf8(provider) ? provider : "other", chosen.label);
  }

  Histogram& build_time_of(const std::string& status) {
    return build_time.Add({{"status", status}}, build_buckets);
  }

  Histogram& launch_time_of(const std::string& status, const std::string& retries) {
    return launch_time.Add({{"status", status}, {"retries", retries}}, launch_buckets);
  }

  std::vector<prometheus::MetricFamily> http_families() const {
    auto value = [](const std::atomic<uint64_t>& n) { return static_cast<double>(n.load()); };
    return {
        gauge_of("bindery_open_connections", "Client connections open now, streams included.",
                 value(connections)),
        gauge_of("bindery_open_event_streams", "Event streams open now.", value(event_streams)),
        counter_of("bindery_connections_accepted_total", "Client connections taken.",
                   value(accepted)),
        counter_of("bindery_connections_refused_total",
                   "Client connections refused because there were too many.", value(refused)),
        counter_of("bindery_slow_readers_total",
                   "Client connections dropped because they did not read what was sent.",
                   value(slow_readers)),
    };
  }
};

metrics::metrics() : state_(std::make_unique<state>()) {
  gauges(state_->registry, "bindery_info", "Which Bindery this is.")
      .Add({{"version", BINDERY_VERSION}})
      .Set(1);
  // Series that start at 0 let a rate see the first event.
  for (const char* status : {"success", "failure"}) state_->build_time_of(status);
  state_->launch_time_of("success", "0");
  for (const char* status : {"failure", "retry"}) state_->launch_time_of(status, "-1");
}

metrics::~metrics() = default;

void metrics::build_began() {
  state_->builds_now.Increment();
}

void metrics::build_ended(const std::string& status, const std::string& provider,
                          const std::string& repo, std::chrono::milliseconds took) {
  state_->builds_now.Decrement();
  state_->build_time_of(status).Observe(seconds(took));
  state_->count(state_->builds, status, provider, repo);
}

void metrics::launch_began() {
  state_->launches_now.Increment();
}

void metrics::launch_ended(const std::string& status, uint32_t retries, const std::string& provider,
                           const std::string& repo, std::chrono::milliseconds took) {
  state_->launches_now.Decrement();
  auto label = status == "success" ? std::to_string(retries) : "-1";
  state_->launch_time_of(status, label).Observe(seconds(took));
  state_->count(state_->launches, status, provider, repo);
}

void metrics::launch_left() {
  state_->launches_now.Decrement();
}

void metrics::launch_retried(std::chrono::milliseconds took) {
  state_->launch_time_of("retry", "-1").Observe(seconds(took));
}

void metrics::launch_refused(const std::string& status, const std::string& provider,
                             const std::string& repo) {
  state_->count(state_->launches, status, provider, repo);
}

uint64_t metrics::builds_in_progress() const {
  return static_cast<uint64_t>(std::max(state_->builds_now.Value(), 0.0));
}

void metrics::set_http_counts(uint64_t connections, uint64_t event_streams, uint64_t accepted,
                              uint64_t refused, uint64_t slow_readers) {
  state_->connections = connections;
  state_->event_streams = event_streams;
  state_->accepted = accepted;
  state_->refused = refused;
  state_->slow_readers = slow_readers;
}

void metrics::set_github_rate_limit_remaining(int64_t remaining) {
  state_->github_limit.Add({}).Set(static_cast<double>(remaining));
}

std::string metrics::text() const {
  auto families = state_->registry.Collect();
  for (auto& each : state_->http_families()) families.push_back(std::move(each));
  for (auto& each : process_metrics()) families.push_back(std::move(each));
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(out, families);
  return with_upstream_bounds(std::move(out).str());
}

}  // namespace bindery
