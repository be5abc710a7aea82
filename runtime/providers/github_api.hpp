#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <caf/error.hpp>

#include "runtime/net/http_message.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

/// The time of day; tests bring their own.
using wall_clock = std::function<std::chrono::system_clock::time_point()>;

/// How many requests GitHub leaves us, as its last answer said. Thread-safe.
class github_rate_limit {
 public:
  /// Takes `x-ratelimit-remaining` where an answer has it.
  void observe(const http_response& answer);
  std::optional<int64_t> remaining() const;

 private:
  std::atomic<int64_t> remaining_{-1};  // negative: never seen
};

/// GitHub's REST API with the login of one settings section. Thread-safe.
class github_api {
 public:
  /// `section` is named where the operator must look: `GitHubRepoProvider`. `api_hostname` fills
  /// the `{hostname}` of `api_base_path`.
  github_api(const github_settings& wanted, const std::string& api_hostname, std::string section,
             std::shared_ptr<github_rate_limit> limit, wall_clock now);

  /// `GET` of a path below the base, escaped and with its leading slash, with login.
  http_request get(const std::string& path) const;

  /// To be told every answer, for the rate limit.
  void observe(const http_response& answer) const { limit_->observe(answer); }

  /// The error for an answer that is neither a result nor "not found"; see `forge_refusal`.
  /// Errors: too_many_requests with the minutes until GitHub listens again; upstream_error.
  caf::error refusal(const http_response& answer, const std::string& question) const;

  std::chrono::system_clock::time_point now() const { return now_(); }

 private:
  std::string base_;
  std::string authorization_;
  std::string section_;
  std::shared_ptr<github_rate_limit> limit_;
  wall_clock now_;
};

/// The base of the API that these settings mean, without a slash at its end.
std::string github_api_base(const github_settings& wanted, const std::string& api_hostname);

/// What git is given for the repositories of GitHub: `git_credentials`, else made of the access
/// token, else "". A secret.
std::string github_git_credentials(const github_settings& wanted);

}  // namespace bindery
