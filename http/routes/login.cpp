#include <algorithm>
#include <chrono>

#include <caf/send.hpp>

#include "http/cookies.hpp"
#include "http/route.hpp"
#include "http/target.hpp"
#include "runtime/error.hpp"
#include "runtime/hub/user_model.hpp"

/// Logins: who asks, the way to JupyterHub and back, and out again.
namespace bindery {

namespace {

using std::chrono::system_clock;

constexpr size_t longest_session = 128;

std::string cookies_of(const route_call& call) {
  return call.request.get_header_value("Cookie");
}

void set_cookies(route_call& call, const std::vector<std::string>& cookies) {
  for (const auto& cookie : cookies) call.response.headers.emplace("Set-Cookie", cookie);
}

void redirect(route_call& call, const std::string& location) {
  call.response.status = 302;
  call.set("Location", location);
  call.set("Cache-Control", "no-store");
}

/// The browser's session at the hub, which the hub's answer about a token depends on.
std::string hub_session_of(const std::string& cookies) {
  for (const auto& [name, value] : read_cookies(cookies))
    if (name == "jupyterhub-session-id" && value.size() <= longest_session)
      return std::string{value};
  return "";
}

std::string given_xsrf(const route_call& call) {
  if (auto value = query_value(call.query, "_xsrf"); value && !value->empty()) return *value;
  auto field = call.request.get_header_value("X-XSRFToken");
  return field.empty() ? call.request.get_header_value("X-CSRFToken") : field;
}

/// What the hub's word means. Sets `user`.
asker judge(route_call& call, const hub_identity& who) {
  call.user = who.name;
  call.is_service = who.kind != "user";
  return grants_one_of(who.scopes, call.shared.place.who_may->place().access_scopes)
             ? asker::known
             : asker::not_allowed;
}

std::string not_allowed_text(const std::string& user) {
  return user +
         " is logged in, but may not use this Bindery. Ask the hub's administrators for "
         "access, or log in as somebody else.";
}

}  // namespace

asker find_asker(route_call& call, proof wanted) {
  const auto& who_may = call.shared.place.who_may;
  if (!who_may) return asker::anybody;
  auto cookies = cookies_of(call);
  auto token = token_in_authorization(call.request.get_header_value("Authorization"));
  auto by_cookie = token.empty();
  if (by_cookie) token = who_may->token_in(cookies, system_clock::now()).value_or("");
  if (token.empty()) return asker::nobody;
  auto xsrf = who_may->xsrf_for(token);
  if (by_cookie && wanted == proof::needed &&
      needs_xsrf(call.request.method, call.request.get_header_value("Sec-Fetch-Mode"),
                 call.request.get_header_value("Sec-Fetch-Site")) &&
      !same_secret(given_xsrf(call), xsrf))
    return asker::unproven;
  if (call.login == nullptr) {
    call.instead = login_question{{}, token, by_cookie ? hub_session_of(cookies) : "", ""};
    return asker::asked;
  }
  if (const auto& why = call.login->why)
    return code_of(why) == errc::forbidden ? asker::nobody : asker::unclear;
  // Whoever need not prove a request must not find in its answer what proves the next one.
  if (by_cookie && wanted == proof::needed) call.xsrf = xsrf;
  return judge(call, call.login->login.who);
}

bool let_in(route_call& call, proof wanted) {
  switch (find_asker(call, wanted)) {
    case asker::anybody:
      return true;
    case asker::known:
      if (!call.xsrf.empty()) {
        const auto& who_may = *call.shared.place.who_may;
        auto cookies = cookies_of(call);
        auto token = who_may.token_in(cookies, system_clock::now()).value_or("");
        if (auto cookie = who_may.xsrf_cookie(token, cookies, call.client.is_https);
            !cookie.empty())
          set_cookies(call, {cookie});
      }
      return true;
    case asker::asked:
      return false;
    case asker::nobody:
    case asker::unproven:
      send_to_login(call);
      return false;
    case asker::not_allowed:
      answer_problem(call, 403, "You may not use this Bindery", not_allowed_text(call.user));
      return false;
    case asker::unclear:
      answer_problem(call, 503, "Your login could not be checked",
                     describe_for_clients(call.login->why) + ". Try again in a minute.");
      return false;
  }
  return false;
}

bool let_reader_in(route_call& call) {
  switch (find_asker(call, proof::needless)) {
    case asker::anybody:
    case asker::known:
      return true;
    case asker::asked:
      return false;
    case asker::nobody:
    case asker::unproven:
      answer_refusal(
          call, 403,
          "This needs a login here. Open " + call.own_url() + " in a browser and log in.");
      return false;
    case asker::not_allowed:
      answer_refusal(call, 403, not_allowed_text(call.user));
      return false;
    case asker::unclear:
      answer_refusal(call, 503,
                     "Your login could not be checked: " + describe_for_clients(call.login->why));
      return false;
  }
  return false;
}

void send_to_login(route_call& call) {
  const auto& who_may = *call.shared.place.who_may;
  auto way = who_may.begin(call.request.target, cookies_of(call), call.client.is_https,
                           system_clock::now());
  set_cookies(call, way.cookies);
  redirect(call, way.location);
}

void serve_oauth_callback(route_call& call) {
  const auto& who_may = *call.shared.place.who_may;
  if (call.is_head()) return answer_problem(call, 405, "This page is for logins", "Use GET.");
  auto cookies = cookies_of(call);
  if (auto error = query_value(call.query, "error")) {
    auto words = query_value(call.query, "error_description").value_or(*error);
    words.resize(std::min<size_t>(words.size(), 300));
    return answer_problem(call, 400, "JupyterHub refused the login", words);
  }
  auto code = query_value(call.query, "code").value_or("");
  auto state = query_value(call.query, "state").value_or("");
  if (code.empty() || state.empty())
    return answer_problem(call, 400, "This login is incomplete",
                          "JupyterHub leads here with a code and a state. Log in again.");
  auto next = who_may.next(state, cookies, system_clock::now());
  if (!next)
    return answer_problem(call, 403, "This login was not begun here",
                          "It was begun in another browser, finished already, or took longer than "
                          "ten minutes. Log in again.");
  if (call.login == nullptr) {
    call.instead = login_question{{}, "", "", code};
    return;
  }
  set_cookies(call, who_may.no_state_cookies(cookies, call.client.is_https));
  if (const auto& why = call.login->why)
    return answer_problem(call, code_of(why) == errc::forbidden ? 403 : 502,
                          "The login did not succeed",
                          describe_for_clients(why) + ". Log in again.");
  const auto& login = call.login->login;
  if (judge(call, login.who) != asker::known)
    return answer_problem(call, 403, "You may not use this Bindery", not_allowed_text(call.user));
  set_cookies(call,
              who_may.session_cookies(login.token, "", call.client.is_https, system_clock::now()));
  redirect(call, *next);
}

void serve_logout(route_call& call) {
  const auto& place = call.shared.place;
  const auto& who_may = *place.who_may;
  auto cookies = cookies_of(call);
  auto token = who_may.token_in(cookies, system_clock::now());
  if (!token) return redirect(call, who_may.place().hub_logout_url);
  // Whatever else may lead here, only a page of ours ends a login.
  call.xsrf = who_may.xsrf_for(*token);
  if (!same_secret(given_xsrf(call), call.xsrf)) {
    return answer_page(
        call, "logout.html",
        {{"title", title_of(call, "page.logout_title")}, {"page_url", call.own_url()}});
  }
  caf::anon_send(place.login, delete_atom::value, *token);
  set_cookies(call, who_may.no_session_cookies(cookies, call.client.is_https));
  redirect(call, who_may.place().hub_logout_url);
}

void answer_problem(route_call& call, int status, std::string_view title, std::string_view reason) {
  call.response.status = status;
  answer_page(call, "problem.html",
              {{"title", std::string{title}},
               {"reason", std::string{reason}},
               {"page_url", call.own_url()}});
}

}  // namespace bindery
