#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace bindery {

/// What Prometheus scrapes of this node: the names, labels and buckets of the contract's section 9,
/// beside them `bindery_…` of our own and the usual `process_…`. Thread-safe.
///
/// `provider` is the display name (`GitHub`), `repo` the repository's URL; the `repo` label is
/// bounded (see `repo_label`).
class metrics {
 public:
  /// Registers everything.
  metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;
  ~metrics();

  /// A build began on this node; `build_ended` must follow.
  void build_began();
  /// `status`: `success` or `failure`.
  void build_ended(const std::string& status, const std::string& provider, const std::string& repo,
                   std::chrono::milliseconds took);

  /// A server is to be launched, quotas passed; `launch_ended` or `launch_left` must follow.
  void launch_began();
  /// `status`: `success` or `failure`. `retries`: failed attempts before the successful one;
  /// not looked at on failure. `took`: of the last attempt.
  void launch_ended(const std::string& status, uint32_t retries, const std::string& provider,
                    const std::string& repo, std::chrono::milliseconds took);
  /// The client left before its server was ready: neither a success nor a failure.
  void launch_left();
  /// An attempt failed after `took`, another follows.
  void launch_retried(std::chrono::milliseconds took);
  /// A quota forbade a launch that did not begin. `status`: `pod_quota` or `repo_quota`.
  void launch_refused(const std::string& status, const std::string& provider,
                      const std::string& repo);

  /// Builds that began and have not ended.
  uint64_t builds_in_progress() const;

  /// What the HTTP actor holds (open connections and event streams) and did since its start. To be
  /// set just before a scrape.
  void set_http_counts(uint64_t connections, uint64_t event_streams, uint64_t accepted,
                       uint64_t refused, uint64_t slow_readers);
  /// What GitHub's last answer said. The gauge is there from the first call on.
  void set_github_rate_limit_remaining(int64_t remaining);

  /// All of it in Prometheus' text format (`text/plain; version=0.0.4`).
  std::string text() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace bindery
