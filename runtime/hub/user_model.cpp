#include "runtime/hub/user_model.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/hub/verdict.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

using nlohmann::json;

constexpr size_t longest_name = 255;  // the hub's own bound
constexpr size_t most_scopes = 10'000;

bool is_fine(const http_response& response) {
  return response.status >= 200 && response.status < 300;
}

std::string text_of(const json& model, const char* key) {
  auto found = model.find(key);
  return found != model.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= longest_name && !has_control(name);
}

}  // namespace

caf::expected<std::vector<std::string>> read_servers(const http_response& response) {
  if (!is_fine(response)) return hub_refusal(response);
  const auto model = json::parse(response.body, nullptr, false);
  if (!model.is_object())
    return make_error(errc::bad_answer, "JupyterHub described a user in no JSON object");
  auto servers = model.find("servers");
  if (servers == model.end())
    return make_error(errc::upstream_error,
                      "JupyterHub does not tell which servers the user has; give the role of "
                      "Bindery's API token the scope admin:users or read:servers",
                      "JupyterHub does not tell which servers the user has");
  std::vector<std::string> names;
  if (servers->is_object())
    for (const auto& [name, server] : servers->items()) names.push_back(name);
  return names;
}

caf::expected<hub_identity> read_identity(const http_response& response) {
  if (response.status == 401 || response.status == 403)
    return make_error(errc::forbidden, "JupyterHub does not know this login any more");
  if (!is_fine(response)) return hub_refusal(response);
  const auto model = json::parse(response.body, nullptr, false);
  auto unreadable = [] {
    return make_error(errc::bad_answer, "JupyterHub's answer does not say whose login this is");
  };
  if (!model.is_object()) return unreadable();
  hub_identity who;
  who.name = text_of(model, "name");
  who.kind = text_of(model, "kind");
  if (who.kind.empty()) who.kind = "user";
  if (!is_name(who.name)) return unreadable();
  auto scopes = model.find("scopes");
  if (scopes != model.end() && scopes->is_array())
    for (const auto& scope : *scopes)
      if (scope.is_string() && who.scopes.size() < most_scopes)
        who.scopes.push_back(scope.get<std::string>());
  return who;
}

bool grants_one_of(const std::vector<std::string>& granted,
                   const std::vector<std::string>& wanted) {
  auto has = [&](const std::string& scope) {
    return std::find(granted.begin(), granted.end(), scope) != granted.end();
  };
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& scope) {
    return has(scope) || has(scope.substr(0, scope.find('!')));
  });
}

}  // namespace bindery
