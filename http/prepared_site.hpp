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
#include "http/own_folder.hpp"
#include "http/page_set.hpp"
#include "http/site.hpp"

namespace bindery {

/// A site, checked and made ready to be shared by the workers.
struct prepared_site {
  site place;
  std::vector<network_range> trusted_proxies;
  std::vector<std::pair<network_range, std::string>> banned;  ///< each with its label
  /// The providers' names for people, by their prefix.
  std::unordered_map<std::string, std::string> provider_names;
  page_set pages;
  std::optional<own_folder> extra_static;
  /// Where that is served, below `base_url`; with slashes at both ends.
  std::string extra_static_prefix;
  /// Fields of every answer; a route's own field of the same name wins.
  httplib::Headers fields;
  /// `Content-Security-Policy` of pages where scripts of ours make style elements; "" where the
  /// operator has a policy of their own for all.
  std::string styled_policy;

  /// Those fields as lines, but for the named ones (in any case).
  std::string field_lines(const std::vector<std::string_view>& but = {}) const;
};

/// What of `place` cannot be used, as `prepare_site` will find it; its actors and functions aside.
caf::error check_site(const site& place);

/// Errors: bad_settings, naming the field of `place` that cannot be used.
caf::expected<std::shared_ptr<const prepared_site>> prepare_site(site place);

}  // namespace bindery
