#include "runtime/providers/github_api.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "runtime/error.hpp"
#include "runtime/net/authorization.hpp"
#include "runtime/providers/forge_answer.hpp"

namespace bindery {

namespace {

constexpr uint64_t max_answer_bytes = 16 * 1024 * 1024;  // gists carry their files
constexpr int64_t longest_wait_s = 24 * 3600;
constexpr int64_t rate_limit_window_s = 3600;  // GitHub's own, where an answer does not tell
constexpr int64_t wait_step_min = 5;

std::optional<int64_t> number_in(const http_response& answer, std::string_view header) {
  auto text = find_header(answer.headers, header);
  int64_t number = 0;
  auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::string authorization_of(const github_settings& wanted) {
  if (!wanted.access_token.empty()) return "token " + wanted.access_token.reveal();
  if (wanted.client_id.empty() || wanted.client_secret.empty()) return {};
  return basic_authorization(wanted.client_id, wanted.client_secret.reveal());
}

bool is_over_limit(const http_response& answer) {
  return (answer.status == 403 || answer.status == 429) &&
         (find_header(answer.headers, "x-ratelimit-remaining") == "0" ||
          !find_header(answer.headers, "retry-after").empty());
}

/// Minutes until GitHub listens again, rounded up to five.
int64_t minutes_to_wait(const http_response& answer, std::chrono::system_clock::time_point now) {
  auto wait = rate_limit_window_s;
  if (auto after = number_in(answer, "retry-after")) {
    wait = *after;
  } else if (auto reset = number_in(answer, "x-ratelimit-reset")) {
    auto since_epoch = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
    wait = *reset - since_epoch.count();
  }
  if (wait > longest_wait_s) wait = rate_limit_window_s;
  constexpr auto step = wait_step_min * 60;
  return wait_step_min * ((std::max<int64_t>(wait, 1) + step - 1) / step);
}

}  // namespace

void github_rate_limit::observe(const http_response& answer) {
  if (auto left = number_in(answer, "x-ratelimit-remaining")) remaining_ = *left;
}

std::optional<int64_t> github_rate_limit::remaining() const {
  auto left = remaining_.load();
  return left < 0 ? std::nullopt : std::optional{left};
}

github_api::github_api(const github_settings& wanted, const std::string& api_hostname,
                       std::string section, std::shared_ptr<github_rate_limit> limit,
                       wall_clock now)
    : base_(github_api_base(wanted, api_hostname)),
      authorization_(authorization_of(wanted)),
      section_(std::move(section)),
      limit_(std::move(limit)),
      now_(std::move(now)) {}

http_request github_api::get(const std::string& path) const {
  http_request request;
  request.url = base_ + path;
  request.headers = {{"Accept", "application/vnd.github+json"}};
  if (!authorization_.empty()) request.headers.emplace_back("Authorization", authorization_);
  request.max_body_bytes = max_answer_bytes;
  request.max_redirects = 5;  // renamed repositories
  return request;
}

caf::error github_api::refusal(const http_response& answer, const std::string& question) const {
  if (is_over_limit(answer))
    return make_error(errc::too_many_requests, "GitHub rate limit exceeded. Try again in " +
                                                   std::to_string(minutes_to_wait(answer, now())) +
                                                   " minutes");
  return forge_refusal(answer, "GitHub", question,
                       section_ + ".access_token (or client_id and client_secret)");
}

std::string github_api_base(const github_settings& wanted, const std::string& api_hostname) {
  constexpr std::string_view gap = "{hostname}";
  auto base = wanted.api_base_path;
  for (auto at = base.find(gap); at != std::string::npos;
       at = base.find(gap, at + api_hostname.size()))
    base.replace(at, gap.size(), api_hostname);
  return without_end_slashes(std::move(base));
}

std::string github_git_credentials(const github_settings& wanted) {
  // repo2docker turns the two characters \n into a line's end.
  if (!wanted.git_credentials.empty()) return wanted.git_credentials.reveal();
  if (wanted.access_token.empty()) return {};
  const auto& token = wanted.access_token.reveal();
  if (!wanted.client_id.empty()) return "username=" + wanted.client_id + "\\npassword=" + token;
  return "username=" + token + "\\npassword=x-oauth-basic";
}

}  // namespace bindery
