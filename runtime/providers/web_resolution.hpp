#pragma once

#include <string>
#include <utility>

#include "runtime/providers/provider.hpp"
#include "runtime/providers/web_trail.hpp"

namespace bindery {

/// A resolution whose requests may lead to where a stranger wants them. It follows redirects
/// itself, by the rules of `web_trail`.
class web_resolution : public resolution {
 public:
  /// Errors: bad_answer for a redirect that is not followed, or one too many; else those of
  /// `on_answer`.
  caf::expected<resolve_step> on_response(const http_response& answer) final;

 protected:
  explicit web_resolution(host_rule hosts) : trail_(std::move(hosts)) {}

  /// The step that asks for `url`, whose host the operator set or `hosts` allows.
  resolve_step ask(std::string url);

  /// The next step after an answer that is no redirect; `from` is where it came from. Its host is
  /// allowed.
  virtual caf::expected<resolve_step> on_answer(const http_response& answer,
                                                const web_url& from) = 0;

  /// Whether the answer to the latest `ask` came from elsewhere.
  bool was_redirected() const { return trail_.was_redirected(); }

 private:
  web_trail trail_;
};

}  // namespace bindery
