#include "http/route.hpp"
#include "http/target.hpp"

namespace bindery {

namespace {

/// Takes one path segment off the front.
std::string_view take_segment(std::string_view& path) {
  auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(segment.size() + 1, path.size()));
  return segment;
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
  call.response.set_content("home", "text/html; charset=utf-8");
}

void serve_launch_page(route_call& call) {
  call.response.set_content("launch", "text/html; charset=utf-8");
}

void serve_not_found(route_call& call) {
  call.response.status = 404;
  call.response.set_content("<!doctype html><title>Not found</title><h1>Not found</h1>",
                            "text/html; charset=utf-8");
}

bool serve_asset(route_call&) {
  return false;
}

}  // namespace bindery
