#include "http/router.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <nlohmann/json.hpp>

#include "http/answer_text.hpp"
#include "http/target.hpp"
#include "runtime/error.hpp"

namespace bindery {

namespace {

/// One framed request and its answer, in place of a socket.
class memory_stream : public httplib::Stream {
 public:
  explicit memory_stream(const http_call& call) : call_(call) {}
  bool is_readable() const override { return position_ < call_.request.text.size(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* into, size_t size) override {
    size = std::min(size, call_.request.text.size() - position_);
    std::memcpy(into, call_.request.text.data() + position_, size);
    position_ += size;
    return static_cast<ssize_t>(size);
  }
  ssize_t write(const char* from, size_t size) override {
    answer.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = call_.peer;
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  socket_t socket() const override { return INVALID_SOCKET; }

  std::string answer;

 private:
  const http_call& call_;
  size_t position_ = 0;
};

struct table_entry {
  std::string_view path;
  bool is_prefix;
  bool allows_head;
  bool in_api;  ///< served in API-only mode too
  void (*serve)(route_call&);
};

constexpr std::array<table_entry, 9> table = {{
    {"/build/", true, false, true, serve_build},
    {"/v2/", true, true, false, serve_launch_page},
    {"/repo/", true, true, false, serve_repo_redirect},
    {"/", false, true, false, serve_home},
    {"/versions", false, true, true, serve_versions},
    {"/health", false, true, true, serve_health},
    {"/metrics", false, true, true, serve_metrics},
    {"/api/repoproviders", false, true, true, serve_providers},
    {"/_config", false, true, false, serve_providers},
}};

/// All values of a field, joined.
std::string all_values(const httplib::Request& request, const char* name) {
  std::string joined;
  for (auto [at, end] = request.headers.equal_range(name); at != end; ++at)
    joined += (joined.empty() ? "" : ",") + at->second;
  return joined;
}

/// The label of the banned network that the client is in, or null. What watches over us may ask for
/// versions and health from anywhere.
const std::string* ban_of(const route_call& call) {
  const auto& base = call.shared.place.base_url;
  if (call.path == base + "versions" || call.path == base + "health") return nullptr;
  for (const auto& [range, label] : call.shared.banned)
    if (range.contains(call.client.address)) return &label;
  return nullptr;
}

void refuse(httplib::Response& response, int status, const std::string& reason) {
  response.status = status;
  response.set_content(reason + "\n", "text/plain; charset=utf-8");
}

bool is_one_line(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

httplib::Headers default_fields(const site& place) {
  httplib::Headers fields;
  auto rest = security_fields();
  while (!rest.empty()) {
    auto line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    auto colon = line.find(": ");
    fields.emplace(line.substr(0, colon), line.substr(colon + 2));
  }
  if (!place.cors_allow_origin.empty())
    fields.emplace("Access-Control-Allow-Origin", place.cors_allow_origin);
  return fields;
}

caf::error read_networks(const site& place, prepared_site& into) {
  for (const auto& text : place.trusted_proxies) {
    auto range = network_range::parse(text);
    if (!range)
      return make_error(errc::bad_settings, "trusted_proxies: " + describe(range.error()));
    into.trusted_proxies.push_back(*range);
  }
  for (const auto& [text, label] : place.ban_networks) {
    auto range = network_range::parse(text);
    if (!range) return make_error(errc::bad_settings, "ban_networks: " + describe(range.error()));
    into.banned.emplace_back(*range, label);
  }
  return {};
}

caf::error read_site(const site& place, prepared_site& into) {
  auto refuse = [](const std::string& why) { return make_error(errc::bad_settings, why); };
  const auto& base = place.base_url;
  if (base.empty() || base.front() != '/' || base.back() != '/' || !is_one_line(base) ||
      base.find_first_of(" ?#\"<>") != std::string::npos || base.find("//") != std::string::npos)
    return refuse("base_url \"" + base + "\" must be a path that starts and ends with a slash");
  if (!is_one_line(place.cors_allow_origin))
    return refuse("cors_allow_origin must be one origin or *");
  if (!is_one_line(place.badge_base_url)) return refuse("badge_base_url must be a URL");
  const auto providers = nlohmann::json::parse(place.providers_json, nullptr, false);
  if (!providers.is_array() || !nlohmann::json::accept(place.versions_json))
    return refuse("the providers' display configs must be a JSON list, the versions JSON");
  for (const auto& provider : providers) {
    if (!provider.is_object() || !provider.contains("id") || !provider["id"].is_string() ||
        !provider.contains("displayName") || !provider["displayName"].is_string())
      return refuse("every provider's display config needs an id and a displayName");
    into.provider_names.emplace(provider["id"], provider["displayName"]);
  }
  return read_networks(place, into);
}

}  // namespace

std::string route_call::asking_host() const {
  auto origin = request.get_header_value("Origin");
  auto at = origin.find("://");
  return at == std::string::npos ? host : origin.substr(at + 3);
}

caf::error check_site(const site& place) {
  prepared_site ignored;
  return read_site(place, ignored);
}

caf::expected<std::shared_ptr<const prepared_site>> prepare_site(site place) {
  auto shared = std::make_shared<prepared_site>();
  if (auto why = read_site(place, *shared)) return why;
  if (!place.desk || !place.health || !place.metrics_text || !place.make_launch_id)
    return make_error(errc::internal, "a site needs desk, health, metrics and launch ids");
  shared->place = std::move(place);
  return std::shared_ptr<const prepared_site>{std::move(shared)};
}

router::router(std::shared_ptr<const prepared_site> shared, const http_options& options)
    : shared_(std::move(shared)) {
  set_default_headers(default_fields(shared_->place));
  set_keep_alive_timeout(
      std::chrono::duration_cast<std::chrono::seconds>(options.idle_timeout).count());
  // The library's own table matches unescaped paths with regular expressions; ours needs the
  // escaped ones, and no recursion on a client's text.
  set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    route(request, response);
    return HandlerResponse::Handled;
  });
}

router::~router() = default;

http_outcome router::handle(const http_call& call) {
  current_ = &call;
  instead_.reset();
  try {
    memory_stream stream{call};
    bool closed = !call.request.keep_alive;
    bool fine = process_request(stream, !call.request.keep_alive, closed, nullptr);
    if (instead_) return std::move(*instead_);
    if (!stream.answer.empty())
      return plain_answer{std::move(stream.answer), !fine || closed || !call.request.keep_alive};
  } catch (const std::exception&) {  // falls through: the client learns that it is our fault
  }
  return plain_answer{refusal_text(500, "", "This request hit a fault of ours."), true};
}

void router::route(const httplib::Request& request, httplib::Response& response) {
  response.status = 200;
  auto target = split_target(current_->request.target);
  auto forwarded_for = all_values(request, "X-Forwarded-For");
  auto real_ip = request.get_header_value("X-Real-IP");
  auto proto = request.get_header_value("X-Forwarded-Proto");
  auto scheme = request.get_header_value("X-Scheme");
  auto client =
      client_of(current_->peer, {forwarded_for, real_ip, proto, scheme}, shared_->trusted_proxies);
  auto host = request.has_header("Host") ? request.get_header_value("Host") : "localhost";
  if (!is_valid_host(host)) return refuse(response, 400, "The Host field is malformed.");
  route_call call{*shared_,     request,           response, target.path,
                  target.query, std::move(client), host,     current_->request.keep_alive,
                  std::nullopt};
  serve(call);
  instead_ = std::move(call.instead);
}

void router::serve(route_call& call) {
  const auto& base = shared_->place.base_url;
  if (const auto* label = ban_of(call))
    return refuse(call.response, 403, "Requests from " + *label + " are not allowed here.");
  bool reads = call.request.method == "GET" || call.is_head();
  if (call.request.method == "OPTIONS") return serve_preflight(call);
  if (!reads) {
    call.response.set_header("Allow", "GET, HEAD, OPTIONS");
    return refuse(call.response, 405, "This method is not allowed here.");
  }
  if (call.path.substr(0, base.size()) != base) return serve_not_found(call);
  call.path.remove_prefix(base.size() - 1);
  for (const auto& entry : table) {
    bool fits = entry.is_prefix ? call.path.substr(0, entry.path.size()) == entry.path
                                : call.path == entry.path;
    if (!fits) continue;
    if (shared_->place.api_only && !entry.in_api) return serve_not_found(call);
    if (call.is_head() && !entry.allows_head) {
      call.response.set_header("Allow", "GET, OPTIONS");
      return refuse(call.response, 405, "This method is not allowed here.");
    }
    return entry.serve(call);
  }
  if (shared_->place.api_only || !serve_asset(call)) serve_not_found(call);
}

}  // namespace bindery
