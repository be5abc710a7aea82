#pragma once

#include <cstdint>
#include <string>

#include "runtime/providers/provider.hpp"
#include "runtime/providers/web_url.hpp"

namespace bindery {

/// A resolution whose requests may lead to where a stranger wants them. It follows redirects
/// itself, one request for each, and looks at every URL before it is asked: http and https only,
/// and no host of a private network that the operator did not name. A host that the operator did
/// not name is asked at public addresses only, whatever its name resolves to.
class web_resolution : public resolution {
 public:
  /// Errors: bad_answer for a redirect that is not followed, or one too many; else those of
  /// `on_answer`.
  caf::expected<resolve_step> on_response(const http_response& answer) final;

 protected:
  explicit web_resolution(host_rule hosts) : hosts_(std::move(hosts)) {}

  /// The step that asks for `url`, whose host the operator set or `hosts` allows.
  resolve_step ask(std::string url);

  /// The next step after an answer that is no redirect; `from` is where it came from. Its host is
  /// allowed.
  virtual caf::expected<resolve_step> on_answer(const http_response& answer,
                                                const web_url& from) = 0;

  /// Whether the answer to the latest `ask` came from elsewhere.
  bool was_redirected() const { return url_ != asked_; }

 private:
  resolve_step request() const;

  host_rule hosts_;
  std::string asked_;  // by `ask`
  std::string url_;    // asked for last, after redirects
  uint32_t redirects_ = 0;
};

}  // namespace bindery
