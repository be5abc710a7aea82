#include "runtime/hub/server_list.hpp"

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"

namespace bindery {

namespace {

using nlohmann::json;

/// The most that JupyterHub gives at once, as it comes.
constexpr uint64_t page_length = 200;

/// Of one page; a server's user options are some hundred bytes.
constexpr uint64_t max_page_bytes = 32 * 1024 * 1024;

const json* find(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  auto i = object.find(key);
  return i == object.end() ? nullptr : &*i;
}

std::string image_of(const json& server) {
  const auto* options = find(server, "user_options");
  const auto* image = options ? find(*options, "image") : nullptr;
  return image && image->is_string() ? image->get<std::string>() : std::string{};
}

caf::error unreadable(const char* why) {
  return make_error(errc::bad_answer, std::string{"JupyterHub's list of users cannot be read: "} +
                                          why + ". JupyterHub 2.0 or newer is needed");
}

}  // namespace

std::string server_key(std::string_view user, std::string_view server) {
  return std::string{user} + '/' + std::string{server};
}

http_request hub_server_page_request(const hub_address& hub, uint64_t offset) {
  auto request = hub_check_request(hub);
  request.url += "users?state=active&limit=" + std::to_string(page_length) +
                 "&offset=" + std::to_string(offset);
  request.headers.back().second = "application/jupyterhub-pagination+json";
  request.max_body_bytes = max_page_bytes;
  return request;
}

caf::expected<hub_server_page> decode_server_page(std::string_view body) {
  auto answer = json::parse(body, nullptr, false);
  const auto* users = find(answer, "items");
  const auto* pages = find(answer, "_pagination");
  if (!users || !users->is_array() || !pages) return unreadable("it is not a page of users");
  hub_server_page page;
  for (const auto& user : *users) {
    const auto* name = find(user, "name");
    if (!name || !name->is_string()) return unreadable("a user has no name");
    const auto* servers = find(user, "servers");
    if (!servers)
      return make_error(errc::upstream_error,
                        "JupyterHub does not tell which servers its users run: give the role of "
                        "Bindery's token the scope read:servers",
                        "JupyterHub does not tell which servers its users run");
    for (const auto& [server, what] : servers->items())
      page.servers.push_back({server_key(name->get<std::string>(), server), image_of(what)});
  }
  if (const auto* next = find(*pages, "next"))
    if (const auto* offset = find(*next, "offset"); offset && offset->is_number_unsigned())
      page.next_offset = offset->get<uint64_t>();
  return page;
}

}  // namespace bindery
