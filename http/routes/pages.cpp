#include <algorithm>
#include <chrono>

#include <nlohmann/json.hpp>

#include "http/route.hpp"
#include "http/target.hpp"
#include "runtime/text/escape.hpp"

/// Pages for people, and redirects to them.
namespace bindery {

namespace {

/// Takes one path segment off the front.
std::string_view take_segment(std::string_view& path) {
  auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(segment.size() + 1, path.size()));
  return segment;
}

void redirect(route_call& call, const std::string& target) {
  call.response.status = 302;
  call.set("Location", target);
}

/// As forms escape values, which is how upstream writes them here: a space is a plus.
std::string form_escaped(std::string_view text) {
  auto result = escaped(text);
  for (size_t at = 0; (at = result.find("%20", at)) != std::string::npos;)
    result.replace(at, 3, "+");
  return result;
}

/// Whether a text holds what could turn others around on the page, or in a link's preview
/// elsewhere: controls, and Unicode's marks of direction.
bool has_marks(std::string_view text) {
  auto holds = [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; };
  if (has_control(text) || holds("\u061c") || holds("\u200e") || holds("\u200f")) return true;
  for (std::string_view mark :
       {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"})
    if (holds(mark)) return true;
  return false;
}

}  // namespace

std::string title_of(const route_call& call, std::string_view name) {
  return call.shared.pages.say(name) + " · Bindery";
}

void answer_page(route_call& call, std::string_view name, page_words words) {
  const auto& place = call.shared.place;
  auto own_url = call.own_url();
  words.try_emplace("page_url", own_url + std::string{call.path.substr(1)});
  words.try_emplace("og_title", place.default_opengraph_title);
  words["own_url"] = std::move(own_url);
  words["user"] = call.user;
  words["xsrf"] = call.xsrf;
  // What is for one person alone must not stay with a cache, nor be told by how well it compresses.
  call.set("Cache-Control", place.who_may ? "no-store" : "no-cache");
  call.may_compress = call.may_compress && call.xsrf.empty();
  if (const auto& policy = call.shared.styled_policy; makes_styles(name) && !policy.empty())
    call.set("Content-Security-Policy", policy);
  call.response.set_content(call.shared.pages.render(name, words), "text/html; charset=utf-8");
}

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
  char mark = '?';
  if (url_path->find_first_not_of('/') != std::string::npos) {
    target += "?urlpath=" + form_escaped("/" + *url_path);
    mark = '&';
  }
  if (!call.query.empty()) target.append(1, mark).append(call.query);
  redirect(call, target);
}

void serve_base_redirect(route_call& call) {
  if (call.shared.place.api_only) return serve_not_found(call);
  auto target = call.shared.place.base_url;
  if (!call.query.empty()) target.append("?").append(call.query);
  redirect(call, target);
}

void serve_home(route_call& call) {
  answer_page(call, "home.html", {{"title", "Bindery"}});
}

void serve_about(route_call& call) {
  answer_page(call, "about.html", {{"title", title_of(call, "page.about_title")}});
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
  auto shown = is_utf8(*spec) && !has_marks(*spec) ? *spec : std::string{rest};
  auto title = known->second + ": " + shown;
  call.may_compress = false;  // the token must not be told by how well the address repeats it
  answer_page(call, "launch.html",
              {{"title", title},
               {"og_title", title},
               {"description", call.shared.pages.say("page.launch_description",
                                                     {{"spec", shown}, {"source", known->second}})},
               {"source", known->second},
               {"spec", shown},
               {"build_token", token}});
  // Back to a page that was kept would show a token that has expired.
  call.set("Cache-Control", "no-store");
}

void serve_not_found(route_call& call) {
  call.response.status = 404;
  if (call.shared.place.api_only) {
    call.set("Cache-Control", "no-cache");
    call.response.set_content(
        nlohmann::json{{"status", 404},
                       {"message",
                        "This address is not served: the API-only mode (enable_api_only_mode) is "
                        "on. Served are /build, /build-log, /health, /versions, /metrics "
                        "and /api/repoproviders, under " +
                            call.shared.place.base_url}}
            .dump(),
        "application/json; charset=utf-8");
    return;
  }
  answer_page(call, "not_found.html",
              {{"title", title_of(call, "page.not_found_title")}, {"page_url", call.own_url()}});
}

}  // namespace bindery
