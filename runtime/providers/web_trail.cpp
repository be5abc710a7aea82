#include "runtime/providers/web_trail.hpp"

#include <utility>

#include "runtime/error.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

/// Over a whole trail; with it a resolution stays below the resolver's own bound of steps.
constexpr uint32_t max_redirects = 8;
/// Pages of datasets are read only for where they are.
constexpr uint64_t max_answer_bytes = 8 * 1024 * 1024;

bool is_redirect(const http_response& answer) {
  auto status = answer.status;
  return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         !find_header(answer.headers, "location").empty();
}

caf::error refusal(const std::string& from, const std::string& why) {
  return make_error(errc::bad_answer, "The answer of " + shown_url(from) + " leads nowhere: " +
                                          why + ". Check the address, or try again later");
}

}  // namespace

caf::expected<std::optional<http_request>> web_trail::follow(const http_response& answer) {
  auto target = answer.effective_url.empty() ? url_ : answer.effective_url;
  if (is_redirect(answer)) {
    if (++redirects_ > max_redirects)
      return refusal(url_, "it redirects more than " + std::to_string(max_redirects) + " times");
    auto next = resolve_location(target, std::string{find_header(answer.headers, "location")});
    if (!next) return refusal(url_, describe(next.error()));
    target = std::move(*next);
  }
  auto parts = read_web_url(target, errc::bad_answer);
  if (!parts) return refusal(url_, describe(parts.error()));
  if (target != url_ && !hosts_.allows(parts->host))
    return refusal(url_, "it redirects to " + parts->origin() +
                             ", and hosts of private networks are not asked");
  url_ = std::move(target);
  from_ = std::move(*parts);
  if (is_redirect(answer)) return std::optional{request()};
  return std::optional<http_request>{};
}

http_request web_trail::ask(std::string url) {
  asked_ = url_ = std::move(url);
  return request();
}

http_request web_trail::request() const {
  http_request request;
  request.url = url_;
  auto parts = read_web_url(url_, errc::bad_answer);
  request.public_only = !parts || !hosts_.names(parts->host);
  request.max_body_bytes = max_answer_bytes;
  return request;
}

}  // namespace bindery
