#include "local/images.hpp"

#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "runtime/engine/api.hpp"
#include "runtime/error.hpp"
#include "runtime/registry/api.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

constexpr std::chrono::milliseconds question_time{5'000};
/// A container may take its time to be killed and unmounted.
constexpr std::chrono::milliseconds removal_time{15'000};

http_request engine_request(const engine_address& engine, const std::string& path) {
  http_request request;
  request.url = engine.base_url + path;
  request.unix_socket = engine.unix_socket;
  request.timeout = question_time;
  return request;
}

caf::error refusal(const std::string& what, const http_response& response) {
  return make_error(errc::upstream_error, "Cannot " + what + ": the container engine answered " +
                                              std::to_string(response.status));
}

}  // namespace

caf::expected<std::string> engine_version(crew& parts, const engine_address& engine) {
  auto request = engine_version_request(engine);
  request.timeout = question_time;
  auto response = parts.fetch(std::move(request));
  if (!response) return std::move(response.error());
  return decode_engine_version(*response);
}

caf::expected<std::string> base_image_hash(crew& parts, const engine_address& engine) {
  auto request = engine_image_request(engine, base_image);
  request.timeout = question_time;
  auto response = parts.fetch(std::move(request));
  if (!response) return std::move(response.error());
  auto there = decode_engine_image(*response);
  if (!there) return std::move(there.error());
  if (!*there) return std::string{};
  auto image = nlohmann::json::parse(response->body, nullptr, false);
  auto at = nlohmann::json::json_pointer{"/Config/Labels/" + std::string{base_label}};
  if (!image.is_object() || !image.contains(at) || !image[at].is_string()) return std::string{"?"};
  return image[at].get<std::string>();
}

std::string archive_hash(std::string_view path) {
  constexpr std::string_view before = "base-image-", after = ".tar.gz";
  auto at = path.rfind(before);
  if (at == std::string_view::npos || !path.ends_with(after)) return {};
  at += before.size();
  return std::string{path.substr(at, path.size() - after.size() - at)};
}

bool registry_has(crew& parts, const std::string& url, const std::string& name,
                  const std::string& tag) {
  registry_address registry;
  registry.url = url;
  auto request = manifest_request(registry, {name, tag}, "");
  request.timeout = question_time;
  auto response = parts.fetch(std::move(request));
  return response && response->status == 200;
}

caf::error remove_containers(crew& parts, const engine_address& engine, const std::string& stack) {
  const auto what = "remove the containers of servers";
  nlohmann::json filter{{"label", {std::string{stack_label} + "=" + stack}}};
  auto response = parts.fetch(
      engine_request(engine, "/containers/json?all=1&filters=" + percent_escape(filter.dump())));
  if (!response) return std::move(response.error());
  if (response->status != 200) return refusal(what, *response);
  auto found = nlohmann::json::parse(response->body, nullptr, false);
  std::vector<http_request> removals;
  if (found.is_array())
    for (const auto& container : found) {
      if (!container.is_object() || !container.contains("Id") || !container["Id"].is_string())
        continue;
      auto request = engine_request(
          engine,
          "/containers/" + percent_escape(container["Id"].get<std::string>()) + "?force=1&v=1");
      request.method = "DELETE";
      request.timeout = removal_time;
      removals.push_back(std::move(request));
    }
  auto wanted = removals.size();
  size_t done = 0;
  for (const auto& answer : parts.fetch_all(std::move(removals)))
    // 404: it is gone. 409: its removal is under way.
    if (answer.status / 100 == 2 || answer.status == 404 || answer.status == 409) ++done;
  if (done < wanted)
    return make_error(errc::upstream_error, "Cannot " + std::string{what} + ": " +
                                                std::to_string(wanted - done) + " of " +
                                                std::to_string(wanted) + " stay");
  return {};
}

}  // namespace bindery
