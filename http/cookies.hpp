#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bindery {

/// The cookies of a `Cookie` field (RFC 6265, section 4.2), in its order; a name may occur more
/// than once. At most 100 are looked at.
std::vector<std::pair<std::string_view, std::string_view>> read_cookies(std::string_view field);

/// True for a text that may name a cookie.
bool is_cookie_name(std::string_view name);

/// How a browser keeps a cookie. They all have `SameSite=Lax`: pages of other sites may lead here,
/// and send nothing else with a login.
struct cookie_rules {
  std::string path = "/";
  bool secure = false;    ///< only over https
  bool http_only = true;  ///< hidden from scripts
  std::chrono::seconds max_age{0};
};

/// The value of a `Set-Cookie` field. Name and value must be plain.
std::string cookie_text(std::string_view name, std::string_view value, const cookie_rules& rules);

}  // namespace bindery
