#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

#include "http/route.hpp"
#include "http/target.hpp"
#include "runtime/error.hpp"

/// What pages show those who wait for a launch: how long it may take, and the repository's README.
namespace bindery {

namespace {

constexpr const char* json_type = "application/json; charset=utf-8";

struct named_spec {
  std::string_view provider, spec;  ///< still percent-escaped
};

/// Provider and spec of a path behind `prefix`; without a spec where it is none.
named_spec read_path(const route_call& call, std::string_view prefix) {
  auto rest = call.path.substr(prefix.size());
  auto slash = rest.find('/');
  if (slash == 0 || slash == std::string_view::npos || !is_safe_path(call.path)) return {};
  return {rest.substr(0, slash), without_end_slashes(rest.substr(slash + 1))};
}

void answer_json(route_call& call, const nlohmann::ordered_json& what) {
  call.response.set_content(
      what.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace), json_type);
}

void refuse_spec(route_call& call) {
  answer_refusal(call, 404, "This address names no repository: it ends with /<provider>/<spec>.");
}

nlohmann::ordered_json json_of(const launch_estimate& known) {
  auto seconds = nlohmann::ordered_json::object();
  for (auto what : {launch_stage::resolve, launch_stage::fetch, launch_stage::build,
                    launch_stage::push, launch_stage::launch})
    if (auto took = known.of(what); took >= 0)
      seconds[std::string{to_string(what)}] = std::round(static_cast<double>(took) / 100) / 10;
  return {{"launches", known.launches}, {"builds", known.builds}, {"seconds", seconds}};
}

nlohmann::ordered_json json_of(const repository_preview& found) {
  nlohmann::ordered_json json{
      {"name", found.name}, {"text", found.text}, {"url", found.url}, {"files", found.files}};
  if (found.cut) json["cut"] = true;
  return json;
}

/// Answers with a service actor's word, if it is a `Word`.
template <class Word>
void answer_word(route_call& call) {
  if (const auto* word = std::get_if<Word>(call.word)) return answer_json(call, json_of(*word));
  const auto* why = std::get_if<caf::error>(call.word);
  auto code = why == nullptr ? errc::internal : code_of(*why);
  switch (code) {
    case errc::unknown_provider:
    case errc::bad_spec:
    case errc::banned_spec:
    case errc::unresolvable_ref:
      return answer_refusal(call, 404, describe(*why));
    case errc::too_many_requests:
      call.set("Retry-After", "5");
      return answer_refusal(call, 503, describe(*why));
    default:
      return answer_refusal(call, 503, "This cannot be told now. Try again in a minute.");
  }
}

}  // namespace

void answer_refusal(route_call& call, int status, std::string_view message) {
  call.response.status = status;
  answer_json(call, {{"status", status}, {"message", message}});
}

void serve_estimate(route_call& call) {
  call.set("Cache-Control", "no-store");
  if (!let_reader_in(call)) return;
  if (call.word != nullptr) return answer_word<launch_estimate>(call);
  const auto& place = call.shared.place;
  auto wanted = read_path(call, "/api/estimate/");
  if (wanted.spec.empty()) return refuse_spec(call);
  if (!place.name_repository || !place.history)
    return answer_refusal(call, 404, "Nothing is remembered of earlier launches here.");
  auto repository = place.name_repository(wanted.provider, wanted.spec);
  if (!repository) return answer_refusal(call, 404, describe(repository.error()));
  call.instead = estimate_question{{}, place.history, std::move(*repository)};
}

void serve_preview(route_call& call) {
  call.set("Cache-Control", "no-store");
  if (!let_reader_in(call)) return;
  if (call.word != nullptr) return answer_word<repository_preview>(call);
  const auto& place = call.shared.place;
  auto wanted = read_path(call, "/api/preview/");
  if (wanted.spec.empty()) return refuse_spec(call);
  if (!place.previews)
    return answer_refusal(call, 404, "Repositories have no previews here (repository_preview).");
  call.instead =
      preview_question{{}, place.previews, std::string{wanted.provider}, std::string{wanted.spec}};
}

}  // namespace bindery
