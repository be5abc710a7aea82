#include "runtime/hub/oauth.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/net/json_message.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

constexpr size_t longest_token = 1024;
constexpr uint64_t largest_answer = 512 * 1024;

std::string under_api(const oauth_client& client, std::string_view path) {
  auto url = client.api_url;
  if (url.empty() || url.back() != '/') url += '/';
  return url += path;
}

std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::string text;
  for (const auto& [name, value] : fields)
    text += (text.empty() ? "" : "&") + std::string{name} + "=" + percent_escape(value);
  return text;
}

}  // namespace

std::string authorization_address(const oauth_client& client, std::string_view state) {
  auto mark = client.authorization_url.find('?') == std::string::npos ? '?' : '&';
  return client.authorization_url + mark +
         form({{"client_id", client.client_id},
               {"redirect_uri", client.redirect_uri},
               {"response_type", "code"},
               {"state", state}});
}

http_request token_request(const oauth_client& client, std::string_view code) {
  http_request request;
  request.method = "POST";
  request.url = under_api(client, "oauth2/token");
  request.headers = {{"Accept", "application/json"},
                     {"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = form({{"client_id", client.client_id},
                       {"client_secret", client.client_secret},
                       {"grant_type", "authorization_code"},
                       {"code", code},
                       {"redirect_uri", client.redirect_uri}});
  request.max_body_bytes = largest_answer;
  return request;
}

caf::expected<std::string> read_token(const http_response& response) {
  auto words = json_message(response.body, {"error_description", "error", "message"});
  auto said = "JupyterHub answered " + std::to_string(response.status) +
              (words.empty() ? "" : ": " + words);
  if (response.status == 400)
    return make_error(errc::forbidden,
                      "This login cannot be finished, it was used already or "
                      "took too long (" +
                          said + ")");
  if (response.status == 401 || response.status == 403)
    return make_error(errc::upstream_error,
                      "JupyterHub does not accept Bindery as its service (" + said +
                          "): check HubOAuth.oauth_client_id and the service's API token",
                      "JupyterHub does not accept this site as its service");
  if (response.status != 200) return make_error(errc::upstream_error, said);
  const auto answer = nlohmann::json::parse(response.body, nullptr, false);
  auto found = answer.is_object() ? answer.find("access_token") : answer.end();
  if (!answer.is_object() || found == answer.end() || !found->is_string() ||
      !is_plain_token(found->get_ref<const std::string&>()))
    return make_error(errc::bad_answer, "JupyterHub's answer to a login's code holds no token");
  return found->get<std::string>();
}

http_request identity_request(const oauth_client& client, const std::string& token) {
  http_request request;
  request.url = under_api(client, "user");
  request.headers = {{"Authorization", "token " + token}, {"Accept", "application/json"}};
  request.max_body_bytes = largest_answer;
  return request;
}

bool is_plain_token(std::string_view token) {
  return !token.empty() && token.size() <= longest_token &&
         std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace bindery
