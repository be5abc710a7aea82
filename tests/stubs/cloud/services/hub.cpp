#include <optional>
#include <stdexcept>

#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

struct hub_server {
  clock::time_point began;
  std::string spawn;  ///< how its start goes: the hub's `spawn` at that moment
  milliseconds takes;
  json options;

  bool is_ready() const { return spawn == "ready" && clock::now() - began >= takes; }
  bool has_failed() const { return spawn == "failed" && clock::now() - began >= takes; }
};

struct hub_user {
  int64_t created = 0;
  std::map<std::string, hub_server> servers;
};

/// JupyterHub's API and, under `/user/<name>/`, the servers. `spawn` says how servers that are
/// asked for start: `ready` or `failed` after `spawn_milliseconds`, `never` (pending for ever), or
/// `garbage` (the progress is no event stream). Tokens that begin with `bad` are refused.
class hub_service : public service {
 public:
  std::string name() const override { return "hub"; }

  void behave(const json& wanted) override {
    auto spawn = wanted.value("spawn", spawn_);
    if (spawn != "ready" && spawn != "failed" && spawn != "never" && spawn != "garbage")
      throw std::invalid_argument{"spawn is ready, failed, never or garbage"};
    spawn_ = spawn;
    takes_ = milliseconds{wanted.value("spawn_milliseconds", int64_t{takes_.count()})};
  }

  void reset() override { *this = {}; }

  answer take(const request& asked) override {
    auto path = asked.elements();
    if (path.size() >= 2 && path[0] == "user") return page(path);
    if (path.size() < 2 || path[0] != "hub" || path[1] != "api")
      return fault("unknown", 404, "Not Found");
    path.erase(path.begin(), path.begin() + 2);
    auto result = api(asked, path);
    result.headers.emplace_back("X-JupyterHub-Version", "5.2.1");
    return result;
  }

 private:
  static answer fault(std::string route, int status, const std::string& words) {
    return json_answer(std::move(route), status, {{"status", status}, {"message", words}});
  }

  answer page(const std::vector<std::string>& path) {
    const std::string route = "GET /user/{name}/";
    auto user = users_.find(path[1]);
    bool runs = false;
    if (user != users_.end())
      for (const auto& [name, server] : user->second.servers)
        runs =
            runs || ((name.empty() || (path.size() > 2 && path[2] == name)) && server.is_ready());
    if (!runs)
      return text_answer(route, 503, "<html><body>Your server is not running</body></html>");
    if (path.back() == "api") return json_answer(route, 200, {{"version", "2.14.0"}});
    return text_answer(route, 200, "<!DOCTYPE html><html><body>JupyterLab</body></html>");
  }

  answer api(const request& asked, const std::vector<std::string>& path) {
    if (path.empty()) return json_answer("GET /hub/api/", 200, {{"version", "5.2.1"}});
    auto login = asked.header("authorization");
    bool known = login.starts_with("token ") || login.starts_with("Bearer ");
    if (!known || login.find(" bad") != std::string::npos)
      return fault("refused", 403, "Missing or invalid credentials.");
    if (path[0] == "info")
      return json_answer("GET /hub/api/info", 200, {{"version", "5.2.1"}, {"python", "3.11"}});
    if (path[0] != "users") return fault("unknown", 404, "Not Found");
    if (path.size() == 1) return list(asked);
    if (path.size() == 2) return user(asked, path[1]);
    bool is_progress = path.back() == "progress";
    auto rest = path.size() - (is_progress ? 1 : 0);
    if ((path[2] == "server" && rest == 3) || (path[2] == "servers" && rest <= 4)) {
      auto server = path[2] == "servers" && rest == 4 ? path[3] : std::string{};
      return is_progress ? progress(path[1], server) : serve(asked, path[1], server);
    }
    return fault("unknown", 404, "Not Found");
  }

  static json model(const std::string& name, const hub_user& user) {
    json servers = json::object();
    json pending = nullptr;
    for (const auto& [server_name, server] : user.servers) {
      if (!server.is_ready()) pending = "spawn";
      servers[server_name] = {{"name", server_name},
                              {"ready", server.is_ready()},
                              {"stopped", false},
                              {"pending", server.is_ready() ? json(nullptr) : json("spawn")},
                              {"url", "/user/" + escape(name, "@~") + "/"},
                              {"user_options", server.options}};
    }
    return {{"kind", "user"},
            {"name", name},
            {"admin", false},
            {"groups", json::array()},
            {"pending", pending},
            {"created", iso_time(user.created)},
            {"last_activity", iso_time(user.created)},
            {"servers", servers}};
  }

  /// Pages of users, in the form that the client's Accept asks for.
  answer list(const request& asked) {
    auto number = [&asked](const char* key, size_t otherwise) {
      auto text = asked.parameter(key);
      return text.empty() ? otherwise : static_cast<size_t>(std::stoul(text));
    };
    auto offset = number("offset", 0);
    auto limit = std::min<size_t>(number("limit", 50), 200);
    auto state = asked.parameter("state");
    json items = json::array();
    size_t at = 0, total = 0;
    for (const auto& [name, user] : users_) {
      bool ready = false;
      for (const auto& [_, server] : user.servers) ready = ready || server.is_ready();
      if ((state == "ready" && !ready) || (state == "active" && user.servers.empty()) ||
          (state == "inactive" && !user.servers.empty()))
        continue;
      ++total;
      if (at++ >= offset && items.size() < limit) items.push_back(model(name, user));
    }
    const std::string route = "GET /hub/api/users",
                      paged = "application/jupyterhub-pagination+json";
    if (asked.header("accept").find(paged) == std::string::npos)
      return json_answer(route, 200, items);
    json next = nullptr;
    if (offset + items.size() < total)
      next = {{"offset", offset + limit},
              {"limit", limit},
              {"url", asked.origin + "/hub/api/users?limit=" + std::to_string(limit) +
                          "&offset=" + std::to_string(offset + limit)}};
    return json_answer(
        route, 200,
        {{"items", items},
         {"_pagination", {{"offset", offset}, {"limit", limit}, {"total", total}, {"next", next}}}},
        paged);
  }

  answer user(const request& asked, const std::string& name) {
    auto route = asked.method + " /hub/api/users/{name}";
    auto found = users_.find(name);
    if (asked.method == "POST") {
      if (found != users_.end()) return fault(route, 409, "User " + name + " already exists");
      auto& made = users_[name];
      made.created = now_s();
      return json_answer(route, 201, model(name, made));
    }
    if (found == users_.end()) return fault(route, 404, "Not Found");
    if (asked.method == "DELETE") {
      users_.erase(found);
      return text_answer(route, 204, "");
    }
    return json_answer(route, 200, model(name, found->second));
  }

  answer serve(const request& asked, const std::string& name, const std::string& server) {
    auto route = asked.method + " /hub/api/users/{name}/servers/{server}";
    auto found = users_.find(name);
    if (found == users_.end()) return fault(route, 404, "Not Found");
    auto& servers = found->second.servers;
    if (asked.method == "DELETE") {
      servers.erase(server);
      return text_answer(route, 204, "");
    }
    if (auto there = servers.find(server); there != servers.end() && !there->second.has_failed())
      return fault(route, 400,
                   name + (there->second.is_ready() ? " is already running" : " is pending spawn"));
    auto options = json::parse(asked.body.empty() ? "{}" : asked.body, nullptr, false);
    if (options.is_discarded()) return fault(route, 400, "Invalid JSON in body of request");
    servers[server] = {clock::now(), spawn_, takes_, options};
    return text_answer(route, 202, "");
  }

  answer progress(const std::string& name, const std::string& server_name) {
    const std::string route = "GET /hub/api/users/{name}/server/progress";
    auto found = users_.find(name);
    if (found == users_.end()) return fault(route, 404, "Not Found");
    auto there = found->second.servers.find(server_name);
    if (there == found->second.servers.end())
      return fault(route, 400, name + " is not starting...");
    const auto& server = there->second;
    if (server.spawn == "garbage")
      return text_answer(route, 200, std::string("\0\xff<html>", 8) + std::string(100, 'x'));
    answer result;
    result.route = route;
    result.is_stream = true;
    result.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-cache"}};
    auto tell = [&result](milliseconds after, const json& event) {
      result.stream.push_back({after, "data: " + event.dump() + "\n\n"});
    };
    tell(milliseconds{0}, {{"progress", 0}, {"message", "Server requested"}});
    tell(milliseconds{0}, {{"progress", 50}, {"message", "Spawning server..."}});
    auto gone = std::chrono::duration_cast<milliseconds>(clock::now() - server.began);
    auto left = std::max(milliseconds{0}, server.takes - gone);
    auto url = "/user/" + escape(name, "@~") + "/" + (server_name.empty() ? "" : server_name + "/");
    if (server.spawn == "never")
      result.never_ends = true;
    else if (server.spawn == "failed")
      tell(left, {{"progress", 100}, {"failed", true}, {"message", "Spawn failed: no room left"}});
    else
      tell(left, {{"progress", 100},
                  {"ready", true},
                  {"message", "Server ready at " + url},
                  {"html_message", "Server ready at <a href=\"" + url + "\">" + url + "</a>"},
                  {"url", url}});
    return result;
  }

  std::map<std::string, hub_user> users_;
  std::string spawn_ = "ready";
  milliseconds takes_{20};
};

}  // namespace

service_ptr make_hub() {
  return std::make_unique<hub_service>();
}

}  // namespace stub_cloud
