#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <caf/expected.hpp>

#include "runtime/net/http_message.hpp"
#include "runtime/providers/web_url.hpp"

namespace bindery {

/// A request and the redirects behind it, whose hosts a stranger may choose. One request for each,
/// and every URL is looked at before it is asked: http and https only, and no host of a private
/// network that the operator did not name. A host that the operator did not name is asked at public
/// addresses only, whatever its name resolves to. No I/O.
class web_trail {
 public:
  explicit web_trail(host_rule hosts) : hosts_(std::move(hosts)) {}

  /// The request for `url`, whose host the operator set or `hosts` allows.
  http_request ask(std::string url);

  /// The request that a redirect leads to; nothing where the answer is no redirect, and `from()`
  /// tells where it came from, which is allowed. Errors: bad_answer for a redirect that is not
  /// followed, or one too many.
  caf::expected<std::optional<http_request>> follow(const http_response& answer);

  const web_url& from() const { return from_; }
  /// Whether the answer to the latest `ask` came from elsewhere.
  bool was_redirected() const { return url_ != asked_; }

 private:
  http_request request() const;

  host_rule hosts_;
  std::string asked_;  // by `ask`
  std::string url_;    // asked for last, after redirects
  web_url from_;
  uint32_t redirects_ = 0;
};

}  // namespace bindery
