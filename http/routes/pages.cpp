#include <algorithm>
#include <chrono>

#include "http/assets.hpp"
#include "http/route.hpp"
#include "http/target.hpp"

/// Pages for people.
namespace bindery {

namespace {

/// Takes one path segment off the front.
std::string_view take_segment(std::string_view& path) {
  auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(segment.size() + 1, path.size()));
  return segment;
}

void answer_page(route_call& call, std::string_view name, const std::string& title = "Bindery",
                 const std::string& build_token = "") {
  const auto& place = call.shared.place;
  call.response.set_header("Cache-Control", "no-cache");
  call.response.set_content(render_page(name, {{"base_url", place.base_url},
                                               {"own_url", call.own_url()},
                                               {"badge_base_url", place.badge_base_url},
                                               {"title", title},
                                               {"build_token", build_token}}),
                            "text/html; charset=utf-8");
}

}  // namespace

void serve_repo_redirect(route_call& call) {
  constexpr std::string_view prefix = "/repo/";
  auto rest = call.path.substr(prefix.size());
  auto user = take_segment(rest);
  auto repo = take_segment(rest);
  auto url_path = unescaped(rest);
  if (user.empty() || repo.empty() || !url_path || !is_safe_path(call.path))
    return serve_not_found(call);
  auto target = call.shared.place.base_url + "v2/gh/" + std::string{user} + "/" +
                std::string{repo} + "/master";
  if (!url_path->empty()) target += "?urlpath=" + escaped("/" + *url_path);
  call.response.status = 302;
  call.response.set_header("Location", target);
}

void serve_home(route_call& call) {
  answer_page(call, "home.html");
}

void serve_launch_page(route_call& call) {
  constexpr std::string_view prefix = "/v2/";
  auto rest = call.path.substr(prefix.size());
  auto provider = take_segment(rest);
  auto known = call.shared.provider_names.find(std::string{provider});
  auto spec = unescaped(rest);
  if (known == call.shared.provider_names.end() || !spec || spec->empty() ||
      !is_safe_path(call.path))
    return serve_not_found(call);
  const auto& tokens = call.shared.place.tokens;
  auto token = tokens ? tokens->issue(std::string{provider} + "/" + std::string{rest},
                                      call.asking_host(), std::chrono::system_clock::now())
                      : std::string{};
  answer_page(call, "launch.html", known->second + ": " + *spec, token);
}

void serve_not_found(route_call& call) {
  call.response.status = 404;
  answer_page(call, "not_found.html");
}

}  // namespace bindery
