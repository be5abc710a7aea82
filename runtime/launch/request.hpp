#pragma once

#include <string>

#include <caf/meta/type_name.hpp>

namespace bindery {

/// What a client asks for: one launch, from link to server. Travels between nodes.
struct launch_request {
  /// Unique id of this launch; every step is idempotent by it. 16 chars of `[a-z0-9]`.
  std::string launch_id;
  /// Provider prefix: `gh`, `git`, ...
  std::string provider;
  /// All text after the prefix, still percent-escaped as the client sent it.
  std::string spec;
  /// Build (or find) the image only; start no server.
  bool build_only = false;
  /// Address of the client, as the hub's environment will show it.
  std::string client_ip;
  /// `binder_launch_host`: the base of badges where one is set, else `own_url`; ends with a slash.
  std::string launch_host;
  /// `<scheme>://<host><base_url>` under which the client reached us, with trailing slash.
  std::string own_url;
  /// Host that the event log names as `origin`, and the `request_origin` (contract, section 10).
  std::string origin;
  std::string request_origin;
  /// A valid build token came with the request.
  bool with_build_token = false;
  /// The logged-in user whose server it shall be; "" for a temporary user of this launch. The
  /// events are for that user alone.
  std::string user;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, launch_request& x) {
  return f(caf::meta::type_name("launch_request"), x.launch_id, x.provider, x.spec, x.build_only,
           x.client_ip, x.launch_host, x.own_url, x.origin, x.request_origin, x.with_build_token,
           x.user);
}

/// What a provider made of a spec: the exact commit and every name derived from it (contract,
/// sections 4 and 5).
struct resolved_repository {
  std::string provider;       ///< prefix
  std::string spec;           ///< as asked for
  std::string repo_url;       ///< what repo2docker is given
  std::string resolved_ref;   ///< commit hash or version
  std::string ref_url;        ///< page of that version, for `binder_ref_url`
  std::string build_slug;     ///< from which image and build names come
  std::string resolved_spec;  ///< spec of exactly this version, for `binder_persistent_request`
  std::string display_name;   ///< provider's name in the event log: `GitHub`, `Git`, ...
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, resolved_repository& x) {
  return f(caf::meta::type_name("resolved_repository"), x.provider, x.spec, x.repo_url,
           x.resolved_ref, x.ref_url, x.build_slug, x.resolved_spec, x.display_name);
}

}  // namespace bindery
