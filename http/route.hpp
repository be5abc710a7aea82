#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <caf/expected.hpp>
#include <httplib.h>

#include "http/client_address.hpp"
#include "http/exchange.hpp"
#include "http/site.hpp"

namespace bindery {

/// A site, checked and made ready to be shared by the workers.
struct prepared_site {
  site place;
  std::vector<network_range> trusted_proxies;
  std::vector<std::pair<network_range, std::string>> banned;  ///< each with its label
  /// The providers' names for people, by their prefix.
  std::unordered_map<std::string, std::string> provider_names;
};

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
  /// Set by a route that is not answered by `response`.
  std::optional<http_outcome> instead;

  /// Host and port of the page that asks (its `Origin`), else our own: whom a build token is for.
  std::string asking_host() const;
  bool is_head() const { return request.method == "HEAD"; }
  /// `<scheme>://<host><base_url>`
  std::string own_url() const {
    return (client.is_https ? "https://" : "http://") + host + shared.place.base_url;
  }
};

// The routes, one file per group under http/routes/. Each answers the call.
void serve_build(route_call& call);
void serve_launch_page(route_call& call);
void serve_home(route_call& call);
void serve_repo_redirect(route_call& call);
void serve_not_found(route_call& call);
void serve_versions(route_call& call);
void serve_providers(route_call& call);
void serve_metrics(route_call& call);
void serve_health(route_call& call);
void serve_preflight(route_call& call);
/// False where there is no such file.
bool serve_asset(route_call& call);

}  // namespace bindery
