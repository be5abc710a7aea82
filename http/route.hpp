#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <httplib.h>

#include "http/client_address.hpp"
#include "http/compression.hpp"
#include "http/exchange.hpp"
#include "http/prepared_site.hpp"

namespace bindery {

/// One request on its way through a route.
struct route_call {
  const prepared_site& shared;
  const httplib::Request& request;
  httplib::Response& response;
  std::string_view path;   ///< below `base_url`, with a leading slash, still percent-escaped
  std::string_view query;  ///< still percent-escaped
  client_origin client;
  std::string host;  ///< as the client knows us, validated
  bool keep_alive = true;
  bool takes_chunks = true;
  coding accepted = coding::plain;  ///< how the client likes bodies best
  /// Whether a body may be coded so: not where it holds a secret beside what the client chose.
  bool may_compress = true;
  /// Set by a route that is not answered by `response`.
  std::optional<http_outcome> instead;
  /// What the hub said about this request's login, where it was asked.
  const login_word* login = nullptr;
  /// What a service actor said, where this request was a question to it.
  const service_word* word = nullptr;
  /// Who is logged in; "" where logins are off.
  std::string user = {};
  bool is_service = false;  ///< who is logged in is a service of the hub, without servers
  /// What their pages prove themselves with; "" where no cookie logs them in.
  std::string xsrf = {};

  /// Host and port of the page that asks (its `Origin`), else our own: whom a build token is for.
  std::string asking_host() const;
  bool is_head() const { return request.method == "HEAD"; }
  /// All values of a field of the request, joined by commas.
  std::string all_values(const char* name) const;
  /// Sets a field of the answer, in place of any of that name.
  void set(const std::string& name, const std::string& value);
  /// `<scheme>://<host><base_url>`
  std::string own_url() const { return own_host() + shared.place.base_url; }
  /// What servers are told of where they were launched: `badge_base_url`, made absolute, or
  /// `own_url`.
  std::string launch_host() const;

 private:
  std::string own_host() const { return (client.is_https ? "https://" : "http://") + host; }
};

/// Answers with the fields set so far; the body follows as the client takes it.
void answer_later(route_call& call, std::string_view content_type, late_body body);

// The routes, one file per group under http/routes/. Each answers the call.
void serve_build(route_call& call);
void serve_launch_page(route_call& call);
void serve_home(route_call& call);
void serve_about(route_call& call);
void serve_repo_redirect(route_call& call);
/// `base_url` without its last slash.
void serve_base_redirect(route_call& call);
void serve_not_found(route_call& call);
void serve_versions(route_call& call);
void serve_providers(route_call& call);
void serve_metrics(route_call& call);
void serve_health(route_call& call);
void serve_build_log(route_call& call);
void serve_estimate(route_call& call);
void serve_preview(route_call& call);
void serve_preflight(route_call& call);
void serve_oauth_callback(route_call& call);
void serve_logout(route_call& call);
/// False where there is no such file.
bool serve_asset(route_call& call);
/// A file of `extra_static_path`. False where there is none.
bool serve_extra_file(route_call& call);

/// Answers with a page; `words` are those of it alone (see `page_set`).
void answer_page(route_call& call, std::string_view name, page_words words);

/// What is known of who asks.
enum class asker : uint8_t {
  anybody,      ///< logins are off
  known,        ///< `user` is logged in and may come in
  nobody,       ///< not logged in, or not any more
  unproven,     ///< logged in by a cookie, but no page of ours made the request
  not_allowed,  ///< `user` is logged in and may not come in
  unclear,      ///< the hub cannot say now; `login->why` tells why
  asked,        ///< the hub is being asked: `instead` is set, and this request comes again
};
/// Whether a login by cookie must be proven by the page that asks (`_xsrf`), where a script does.
enum class proof : uint8_t {
  needed,
  needless,  ///< for what changes nothing, and says nothing of who is logged in
};
asker find_asker(route_call& call, proof wanted = proof::needed);
/// True where a page may be shown. Else the call is answered.
bool let_in(route_call& call, proof wanted = proof::needed);
/// As `let_in`, for what scripts read: who may not is told so in JSON, and led nowhere.
bool let_reader_in(route_call& call);
/// Answers with `{"status": …, "message": …}`.
void answer_refusal(route_call& call, int status, std::string_view message);
/// Where to log in.
void send_to_login(route_call& call);
/// A page's title: the text of this name, and ours.
std::string title_of(const route_call& call, std::string_view name);
/// Answers with a page that says what is wrong and leads back.
void answer_problem(route_call& call, int status, std::string_view title, std::string_view reason);

}  // namespace bindery
