#include "runtime/hub/api.hpp"

#include <utility>

#include "runtime/net/json_message.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

http_request hub_request(const hub_address& hub, std::string method, const std::string& path) {
  http_request request;
  request.method = std::move(method);
  request.url = hub.api_url;
  if (request.url.empty() || request.url.back() != '/') request.url += '/';
  request.url += path;
  request.headers = {{"Authorization", "token " + hub.token}, {"Accept", "application/json"}};
  return request;
}

}  // namespace

std::string escape_hub_name(std::string_view name) {
  return percent_escape(name, "@~");
}

std::string hub_server_path(std::string_view user, std::string_view server) {
  auto path = "users/" + escape_hub_name(user) + "/server";
  return server.empty() ? path : path + "s/" + escape_hub_name(server);
}

http_request hub_check_request(const hub_address& hub) {
  return hub_request(hub, "GET", "");
}

http_request hub_create_user_request(const hub_address& hub, std::string_view user) {
  return hub_request(hub, "POST", "users/" + escape_hub_name(user));
}

http_request hub_user_request(const hub_address& hub, std::string_view user) {
  return hub_request(hub, "GET", "users/" + escape_hub_name(user));
}

http_request hub_delete_user_request(const hub_address& hub, std::string_view user) {
  return hub_request(hub, "DELETE", "users/" + escape_hub_name(user));
}

http_request hub_start_request(const hub_address& hub, std::string_view user,
                               std::string_view server, std::string options) {
  auto request = hub_request(
      hub, "POST", "users/" + escape_hub_name(user) + "/servers/" + escape_hub_name(server));
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(options);
  return request;
}

http_request hub_stop_request(const hub_address& hub, std::string_view user,
                              std::string_view server) {
  auto request = hub_request(hub, "DELETE", hub_server_path(user, server));
  if (!server.empty()) {
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = R"({"remove": true})";
  }
  return request;
}

http_request hub_progress_request(const hub_address& hub, std::string_view user,
                                  std::string_view server) {
  auto request = hub_request(hub, "GET", hub_server_path(user, server) + "/progress");
  request.headers.back().second = "text/event-stream";
  return request;
}

std::string hub_message(const http_response& response) {
  return json_message(response.body, {"message"});
}

}  // namespace bindery
