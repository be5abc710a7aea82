#include "http/logins.hpp"

#include <algorithm>
#include <utility>

#include "http/cookies.hpp"
#include "http/target.hpp"
#include "runtime/error.hpp"
#include "runtime/text/random.hpp"
#include "runtime/text/same_word.hpp"

namespace bindery {

namespace {

using std::chrono::seconds;

constexpr std::string_view xsrf_name = "_xsrf";
/// A cookie holds about 4,000 bytes, and sealing makes a text a third longer.
constexpr size_t longest_next = 2'500;
/// Logins of one browser under way at once; their cookies come with each of its requests.
constexpr size_t most_states = 4;
constexpr size_t state_mark_length = 8;

std::string state_prefix(const login_site& place) {
  return place.client.client_id + "-oauth-state-";
}

/// So that logins in two tabs do not overwrite each other's.
std::string state_cookie(const login_site& place, std::string_view state) {
  return state_prefix(place) + std::string{state.substr(0, state_mark_length)};
}

std::string path_of(const std::string& url) {
  auto scheme = url.find("://");
  auto start = scheme == std::string::npos ? 0 : url.find('/', scheme + 3);
  if (start == std::string::npos) return "/";
  return url.substr(start, url.find_first_of("?#", start) - start);
}

caf::error bad(const std::string& why) {
  return make_error(errc::bad_settings, why);
}

}  // namespace

caf::expected<logins> logins::make(login_site place) {
  if (place.client.redirect_uri.empty())
    place.client.redirect_uri = place.base_url + "oauth_callback";
  if (!is_cookie_name(place.client.client_id))
    return bad("HubOAuth.oauth_client_id: \"" + place.client.client_id.substr(0, 80) +
               "\" must be the client id that JupyterHub has for this service, in letters, digits "
               "and dashes");
  if (place.access_scopes.empty())
    return bad(
        "HubOAuth.access_scopes: it must say who may come in, such as "
        "[\"access:services!service=binder\"]");
  if (place.base_url.find_first_of(";,") != std::string::npos)
    return bad("BinderHub.base_url: \"" + place.base_url.substr(0, 80) +
               "\" cannot be a cookie's path; leave out what is no letter, digit, dash or slash");
  auto path = path_of(place.client.redirect_uri);
  if (path.empty() || path.front() != '/' || !is_safe_path(path))
    return bad("HubOAuth.oauth_redirect_uri: \"" + place.client.redirect_uri.substr(0, 200) +
               "\" must be a URL or a path, such as https://binder.example.org/oauth_callback");
  return logins{std::move(place), std::move(path)};
}

logins::logins(login_site place, std::string callback_path)
    : place_(std::move(place)),
      callback_path_(std::move(callback_path)),
      always_secure_(place_.client.redirect_uri.starts_with("https://")),
      sealer_(place_.secret) {}

logins::beginning logins::begin(std::string_view target, std::string_view cookies, bool is_https,
                                time_point now) const {
  auto state = random_token();
  beginning result;
  auto under_way = no_state_cookies(cookies, is_https);
  // Browsers send the oldest first (RFC 6265, section 5.4); somebody may still be typing in others.
  for (size_t i = 0; i + most_states <= under_way.size(); ++i)
    result.cookies.push_back(std::move(under_way[i]));
  auto next = safe_next(target, place_.base_url);
  auto sealed = sealer_.seal(state_cookie(place_, state), state + next, now);
  result.cookies.push_back(cookie_text(state_cookie(place_, state), sealed,
                                       {state_path(), secure(is_https), true, state_age}));
  result.location = authorization_address(place_.client, state);
  return result;
}

std::optional<std::string> logins::next(std::string_view state, std::string_view cookies,
                                        time_point now) const {
  auto length = random_token().size();
  if (state.size() != length) return std::nullopt;
  auto name = state_cookie(place_, state);
  for (const auto& [key, value] : read_cookies(cookies)) {
    if (key != name) continue;
    auto kept = sealer_.open(name, value, now, state_age);
    if (!kept || kept->size() < length) continue;
    if (same_secret(std::string_view{*kept}.substr(0, length), state))
      return safe_next(std::string_view{*kept}.substr(length), place_.base_url);
  }
  return std::nullopt;
}

std::vector<std::string> logins::session_cookies(const std::string& token, std::string_view cookies,
                                                 bool is_https, time_point now) const {
  const auto& name = place_.client.client_id;
  auto result = no_state_cookies(cookies, is_https);
  result.push_back(cookie_text(name, sealer_.seal(name, token, now),
                               {place_.base_url, secure(is_https), true, session_age}));
  if (auto xsrf = xsrf_cookie(token, cookies, is_https); !xsrf.empty()) result.push_back(xsrf);
  return result;
}

std::vector<std::string> logins::no_session_cookies(std::string_view cookies, bool is_https) const {
  auto result = no_state_cookies(cookies, is_https);
  result.push_back(cleared(place_.client.client_id, is_https));
  result.push_back(cleared(xsrf_name, is_https));
  return result;
}

std::vector<std::string> logins::no_state_cookies(std::string_view cookies, bool is_https) const {
  std::vector<std::string> result;
  auto prefix = state_prefix(place_);
  for (const auto& [name, value] : read_cookies(cookies))
    if (name.starts_with(prefix) && is_cookie_name(name))
      result.push_back(cookie_text(name, "", {state_path(), secure(is_https), true, seconds{0}}));
  return result;
}

std::optional<std::string> logins::token_in(std::string_view cookies, time_point now) const {
  const auto& name = place_.client.client_id;
  for (const auto& [key, value] : read_cookies(cookies))
    if (key == name)
      if (auto token = sealer_.open(name, value, now, session_age)) return token;
  return std::nullopt;
}

std::string logins::xsrf_for(const std::string& token) const {
  return sealer_.digest(xsrf_name, token);
}

std::string logins::xsrf_cookie(const std::string& token, std::string_view cookies,
                                bool is_https) const {
  auto value = xsrf_for(token);
  // The hub's own cookie of that name may come along.
  for (const auto& [name, kept] : read_cookies(cookies))
    if (name == xsrf_name && same_secret(kept, value)) return "";
  return cookie_text(xsrf_name, value, {place_.base_url, secure(is_https), false, session_age});
}

std::string logins::cleared(std::string_view name, bool is_https) const {
  return cookie_text(name, "", {place_.base_url, secure(is_https), name != xsrf_name, seconds{0}});
}

std::string logins::state_path() const {
  return callback_path_.starts_with(place_.base_url) ? place_.base_url : "/";
}

std::string safe_next(std::string_view target, std::string_view base_url) {
  auto plain = [](char c) { return c > ' ' && c <= '~' && c != '\\'; };
  auto leads_out = target.size() > 1 && (target[1] == '/' || target[1] == '\\');
  auto fine = target.starts_with(base_url) && !leads_out && target.size() <= longest_next &&
              std::all_of(target.begin(), target.end(), plain);
  return std::string{fine ? target : base_url};
}

std::string token_in_authorization(std::string_view field) {
  auto space = field.find(' ');
  if (space == std::string_view::npos) return "";
  auto scheme = field.substr(0, space);
  if (!same_word(scheme, "token") && !same_word(scheme, "bearer")) return "";
  auto token = field.substr(space + 1);
  while (!token.empty() && token.front() == ' ') token.remove_prefix(1);
  return std::string{token};
}

bool needs_xsrf(std::string_view method, std::string_view fetch_mode, std::string_view fetch_site) {
  if (method != "GET" && method != "HEAD" && method != "OPTIONS") return true;
  if (fetch_mode.empty() || fetch_mode == "navigate") return false;
  return !(fetch_mode == "no-cors" && fetch_site == "same-origin");
}

}  // namespace bindery
