#include "http/prepared_site.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"

namespace bindery {

namespace {

caf::error refuse(const std::string& why) {
  return make_error(errc::bad_settings, why);
}

bool is_one_line(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool same_name(std::string_view left, std::string_view right) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

/// A path that stands in URLs and pages as it is.
bool is_plain_path(std::string_view path) {
  return !path.empty() && path.front() == '/' && path.back() == '/' && is_one_line(path) &&
         path.find_first_of(" ?#\"<>%\\") == std::string_view::npos &&
         path.find("//") == std::string_view::npos && path.find("/./") == std::string_view::npos &&
         path.find("/../") == std::string_view::npos;
}

/// Fields that each answer has for itself, or that belong to its connection.
bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 16> names = {"allow",
                                                      "connection",
                                                      "content-encoding",
                                                      "content-length",
                                                      "content-range",
                                                      "content-type",
                                                      "date",
                                                      "etag",
                                                      "keep-alive",
                                                      "last-modified",
                                                      "location",
                                                      "proxy-connection",
                                                      "te",
                                                      "trailer",
                                                      "transfer-encoding",
                                                      "upgrade"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view other) { return same_name(name, other); });
}

caf::error check_field(const std::string& name, const std::string& value) {
  auto path = "BinderHub.tornado_settings.headers.\"" + name.substr(0, 60) + "\": ";
  bool is_token = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  });
  if (!is_token) return refuse(path + "this is not the name of a header field");
  if (is_reserved(name)) return refuse(path + "each answer has its own; leave it out");
  if (!is_one_line(value))
    return refuse(path + "the value must be one line of plain ASCII characters");
  return {};
}

caf::error read_fields(const site& place, prepared_site& into) {
  auto& fields = into.fields;
  constexpr const char* policy = "Content-Security-Policy";
  fields.emplace(policy, content_policy(place));
  into.styled_policy = content_policy(place, true);
  fields.emplace("X-Content-Type-Options", "nosniff");
  fields.emplace("Referrer-Policy", "strict-origin-when-cross-origin");
  fields.emplace("Access-Control-Allow-Headers", "cache-control");
  for (const auto& [name, value] : place.headers) {
    if (auto why = check_field(name, value)) return why;
    fields.erase(name);
    fields.emplace(name, value);
    if (same_name(name, policy)) into.styled_policy.clear();
  }
  if (place.cors_allow_origin.empty()) return {};
  if (!is_one_line(place.cors_allow_origin))
    return refuse("BinderHub.cors_allow_origin must be one origin or *");
  fields.erase("Access-Control-Allow-Origin");
  fields.emplace("Access-Control-Allow-Origin", place.cors_allow_origin);
  return {};
}

caf::error read_networks(const site& place, prepared_site& into) {
  for (const auto& text : place.trusted_proxies) {
    auto range = network_range::parse(text);
    if (!range) return refuse("trusted_proxies: " + describe(range.error()));
    into.trusted_proxies.push_back(*range);
  }
  for (const auto& [text, label] : place.ban_networks) {
    auto range = network_range::parse(text);
    if (!range) return refuse("ban_networks: " + describe(range.error()));
    into.banned.emplace_back(*range, label);
  }
  return {};
}

caf::error read_providers(const site& place, prepared_site& into) {
  const auto providers = nlohmann::json::parse(place.providers_json, nullptr, false);
  if (!providers.is_array() || !nlohmann::json::accept(place.versions_json))
    return refuse("the providers' display configs must be a JSON list, the versions JSON");
  for (const auto& provider : providers) {
    if (!provider.is_object() || !provider.contains("id") || !provider["id"].is_string() ||
        !provider.contains("displayName") || !provider["displayName"].is_string())
      return refuse("every provider's display config needs an id and a displayName");
    into.provider_names.emplace(provider["id"], provider["displayName"]);
  }
  return {};
}

caf::error read_extra_static(const site& place, prepared_site& into) {
  if (place.extra_static_path.empty()) return {};
  auto& prefix = into.extra_static_prefix;
  prefix = place.extra_static_url_prefix;
  if (prefix.empty() || prefix.front() != '/') prefix = "/" + prefix;
  if (prefix.back() != '/') prefix += '/';
  if (!is_plain_path(prefix))
    return refuse("BinderHub.extra_static_url_prefix \"" + prefix.substr(0, 80) +
                  "\" must be a path without escapes, such as /extra_static/");
  auto folder = own_folder::open(place.extra_static_path);
  if (!folder) return refuse("BinderHub.extra_static_path: " + describe(folder.error()));
  into.extra_static = std::move(*folder);
  return {};
}

caf::error read_site(const site& place, prepared_site& into) {
  if (!is_plain_path(place.base_url))
    return refuse("BinderHub.base_url \"" + place.base_url.substr(0, 80) +
                  "\" must be a path that starts and ends with a slash, without escapes");
  if (!is_one_line(place.badge_base_url)) return refuse("BinderHub.badge_base_url must be a URL");
  for (auto read : {read_fields, read_networks, read_providers, read_extra_static})
    if (auto why = read(place, into)) return why;
  auto pages = page_set::make(place);
  if (!pages) return std::move(pages.error());
  into.pages = std::move(*pages);
  return {};
}

}  // namespace

std::string prepared_site::field_lines(const std::vector<std::string_view>& but) const {
  std::string lines;
  for (const auto& [name, value] : fields) {
    const auto& field = name;
    if (std::none_of(but.begin(), but.end(), [&](auto other) { return same_name(field, other); }))
      lines += name + ": " + value + "\r\n";
  }
  return lines;
}

caf::error check_site(const site& place) {
  prepared_site ignored;
  return read_site(place, ignored);
}

caf::expected<std::shared_ptr<const prepared_site>> prepare_site(site place) {
  auto shared = std::make_shared<prepared_site>();
  if (auto why = read_site(place, *shared)) return why;
  if (place.who_may && !place.login)
    return make_error(errc::internal, "a site with logins needs the login actor");
  if (!place.desk || !place.health || !place.metrics_text || !place.make_launch_id)
    return make_error(errc::internal, "a site needs desk, health, metrics and launch ids");
  shared->place = std::move(place);
  return std::shared_ptr<const prepared_site>{std::move(shared)};
}

}  // namespace bindery
