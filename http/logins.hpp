#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

#include "runtime/hub/oauth.hpp"
#include "runtime/token/text_sealer.hpp"

namespace bindery {

/// What logins need to know of this installation.
struct login_site {
  oauth_client client;
  /// Where everything lives; the cookies are for there.
  std::string base_url = "/";
  /// Whoever's token has one of these scopes may come in.
  std::vector<std::string> access_scopes;
  /// Where a browser ends its session at the hub.
  std::string hub_logout_url;
  /// Seals the cookies; the same on every node, "" for a random one of this process.
  std::string secret;
};

/// What browsers keep of a login to JupyterHub, and what they may do with it. No I/O. May be used
/// from many threads.
///
/// Three cookies, after the names that JupyterHub's services use:
/// `<client id>` holds the hub's token for this browser, sealed;
/// `<client id>-oauth-state-<...>`, one per login that is under way, holds its state and the page
/// that it leads to, sealed;
/// `_xsrf` proves that a page of ours makes a request. Scripts of ours read it.
class logins {
 public:
  using time_point = text_sealer::time_point;
  static constexpr std::chrono::seconds state_age{600};
  static constexpr std::chrono::seconds session_age{14 * 24 * 3600};  // the hub's own, by default

  /// Errors: bad_settings.
  static caf::expected<logins> make(login_site place);

  /// A browser's way to the hub's login, and the `Set-Cookie` values that go with it.
  struct beginning {
    std::string location;
    std::vector<std::string> cookies;
  };
  /// `target` is what the browser asked for: path and query, as sent.
  beginning begin(std::string_view target, std::string_view cookies, bool is_https,
                  time_point now) const;

  /// The page that a login began on, where the browser that comes back with `state` began it not
  /// long ago.
  std::optional<std::string> next(std::string_view state, std::string_view cookies,
                                  time_point now) const;

  /// For a login that is finished.
  std::vector<std::string> session_cookies(const std::string& token, std::string_view cookies,
                                           bool is_https, time_point now) const;
  /// For one that is over.
  std::vector<std::string> no_session_cookies(std::string_view cookies, bool is_https) const;
  /// Clears what logins under way have left.
  std::vector<std::string> no_state_cookies(std::string_view cookies, bool is_https) const;

  /// The token in a session's cookie.
  std::optional<std::string> token_in(std::string_view cookies, time_point now) const;

  /// What a request must carry besides the cookie with `token`.
  std::string xsrf_for(const std::string& token) const;
  /// The `Set-Cookie` value with it; "" where the browser has it already.
  std::string xsrf_cookie(const std::string& token, std::string_view cookies, bool is_https) const;

  /// Path of the callback, as requests have it.
  const std::string& callback_path() const { return callback_path_; }
  const login_site& place() const { return place_; }

 private:
  logins(login_site place, std::string callback_path);
  bool secure(bool is_https) const { return is_https || always_secure_; }
  std::string cleared(std::string_view name, bool is_https) const;
  /// Of the cookies of logins under way: the callback, which may lie elsewhere, must get them.
  std::string state_path() const;

  login_site place_;
  std::string callback_path_;
  bool always_secure_;
  text_sealer sealer_;
};

/// `target` where it is a page under `base_url`, and no browser can take it for another site's;
/// else `base_url`.
std::string safe_next(std::string_view target, std::string_view base_url);

/// The token of an `Authorization` field (`token …` or `bearer …`, in any case); "" where there is
/// none.
std::string token_in_authorization(std::string_view field);

/// Whether a request that a cookie logs in needs `_xsrf` besides, by its method and its
/// `Sec-Fetch-Mode` and `Sec-Fetch-Site`, as in JupyterHub's services: all but what a person does
/// by following a link.
bool needs_xsrf(std::string_view method, std::string_view fetch_mode, std::string_view fetch_site);

}  // namespace bindery
