#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

#include "actors/interfaces.hpp"
#include "http/logins.hpp"
#include "runtime/build/log_store.hpp"
#include "runtime/token/build_token.hpp"

namespace bindery {

/// What the routes need to know of this installation.
struct site {
  /// Path under which everything lives; starts and ends with `/`.
  std::string base_url = "/";
  /// Public URL for badges, with trailing slash; "" for the one of the request.
  std::string badge_base_url;
  /// `Access-Control-Allow-Origin` of every answer; "" for none (`/versions` then says `*`).
  std::string cors_allow_origin;
  /// JSON list of the providers' display configs.
  std::string providers_json = "[]";
  /// JSON object that `/versions` answers.
  std::string versions_json = "{}";
  /// Signs the loading page's token and checks it at `/build`; null: no page has one, and whatever
  /// a client sends is passed over.
  std::shared_ptr<const build_tokens> tokens;
  /// Prometheus text. Called on several threads, and for as long as a route is at work: it must own
  /// what it reads.
  std::function<std::string()> metrics_text;
  /// A new launch id: 16 chars of `[a-z0-9]` that nobody can guess. Called on several threads.
  std::function<std::string()> make_launch_id;
  launch_desk_actor desk;
  health_actor health;
  /// Null where nobody has to log in; else `login` answers for the hub.
  std::shared_ptr<const logins> who_may;
  login_actor login;
  /// Logs of failed builds; null where none are kept.
  std::shared_ptr<const build_log_store> build_logs;
  /// Names the repository of a spec, by its provider's prefix, for `history`; see
  /// `provider_table::repository`. Null: no estimates. Called on several threads.
  std::function<caf::expected<std::string>(std::string_view prefix, std::string_view spec)>
      name_repository;
  launch_history_actor history;
  /// Null where repositories have no previews.
  previews_actor previews;
  /// Counts launches that come without a build token; null: nobody is counted.
  rate_limit_actor rate_limit;
  /// CIDRs of proxies whose `X-Forwarded-*` are believed.
  std::vector<std::string> trusted_proxies = {"127.0.0.0/8",   "::1/128",  "10.0.0.0/8",
                                              "172.16.0.0/12", "fc00::/7", "192.168.0.0/16"};
  /// CIDRs whose clients are refused, and a label for each that names them in the refusal.
  std::map<std::string, std::string> ban_networks;
  /// Host that the event log names as every launch's origin; "" for the one of the request.
  std::string normalized_origin;
  /// Let `/build` serve clients whatever their `Accept` says.
  bool allow_any_accept = false;
  /// No pages (`enable_api_only_mode`); allows `build_only`.
  bool api_only = false;
  /// Refuse launches that start a server.
  bool require_build_only = false;

  /// What this program is, for the about page.
  std::string version;
  /// HTML of the operator's, put on the pages as it is.
  std::string about_message;
  std::string banner_message;
  /// Title of link previews, but of launch links.
  std::string default_opengraph_title = "The Binder Project";
  /// HTML and JavaScript of every page; the keys order them.
  std::map<std::string, std::string> extra_header_html;
  std::map<std::string, std::string> extra_footer_scripts;
  /// Further words for the parts in `template_path`, a folder; "" for none.
  std::map<std::string, std::string> template_variables;
  std::string template_path;
  /// A folder that is served below `extra_static_url_prefix`; "" for none.
  std::string extra_static_path;
  std::string extra_static_url_prefix = "/extra_static/";
  /// Fields of every answer.
  std::map<std::string, std::string> headers;
};

}  // namespace bindery
