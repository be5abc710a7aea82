#include "runtime/launch/pre_launch.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "runtime/net/json_message.hpp"

namespace bindery {

namespace {

using nlohmann::json;

constexpr uint64_t max_answer_bytes = 64 * 1024;

caf::error refused(const http_response& answer) {
  auto words = json_message(answer.body, {"message"});
  return make_error(errc::forbidden, words.empty()
                                         ? "The operator of this site does not allow this launch."
                                         : words);
}

}  // namespace

http_request pre_launch_request(const pre_launch_options& options, const launch_request& launch,
                                const resolved_repository& repository, const std::string& image,
                                const std::string& user) {
  json body{{"provider", launch.provider},     {"spec", launch.spec},
            {"ref", repository.resolved_ref},  {"image", image},
            {"repo_url", repository.repo_url}, {"user", user},
            {"client_ip", launch.client_ip}};
  http_request request;
  request.method = "POST";
  request.url = options.url;
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  request.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  request.timeout = options.timeout;
  request.connect_timeout = std::min(request.connect_timeout, options.timeout);
  request.max_body_bytes = max_answer_bytes;
  return request;
}

caf::error judge_pre_launch(const http_response& answer) {
  if (answer.status >= 400 && answer.status < 500) return refused(answer);
  if (answer.status < 200 || answer.status >= 300)
    return pre_launch_unanswered(errc::upstream_error,
                                 "it answered " + std::to_string(answer.status));
  auto body = json::parse(answer.body, nullptr, false);
  if (!body.is_object() || !body.contains("allow")) return {};
  const auto& allow = body["allow"];
  if (!allow.is_boolean())
    return pre_launch_unanswered(errc::bad_answer, "its \"allow\" is neither true nor false");
  return allow.get<bool>() ? caf::error{} : refused(answer);
}

caf::error pre_launch_unanswered(errc why, const std::string& what) {
  auto told =
      "This site checks every launch before it starts, and the check failed: " + what +
      ". Nothing was launched. Try again in a few minutes; if it stays so, tell the operator "
      "of this site";
  return make_error(why, told + " to look at Bindery.pre_launch_url.", told + ".");
}

}  // namespace bindery
