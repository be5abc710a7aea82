#include "http/router.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "http/answer_text.hpp"
#include "http/target.hpp"

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

constexpr size_t least_coded_bytes = 1024;  // less fits one packet either way

struct table_entry {
  std::string_view path;
  bool is_prefix;
  bool allows_head;
  bool in_api;     ///< served in API-only mode too
  bool is_inside;  ///< for who is logged in, where that is asked for; others see to it themselves
  void (*serve)(route_call&);
};

constexpr std::array<table_entry, 13> table = {{
    {"/build/", true, false, true, false, serve_build},
    {"/build-log/", true, true, true, false, serve_build_log},
    {"/v2/", true, true, false, true, serve_launch_page},
    {"/repo/", true, true, false, true, serve_repo_redirect},
    {"/", false, true, false, true, serve_home},
    {"/about", false, true, false, true, serve_about},
    {"/versions", false, true, true, false, serve_versions},
    {"/health", false, true, true, false, serve_health},
    {"/metrics", false, true, true, false, serve_metrics},
    {"/api/repoproviders", false, true, true, false, serve_providers},
    {"/api/estimate/", true, true, false, false, serve_estimate},
    {"/api/preview/", true, true, false, false, serve_preview},
    {"/_config", false, true, false, false, serve_providers},
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

/// Codes the body of a finished answer as the client likes it.
void compress(route_call& call) {
  auto& response = call.response;
  if (!call.may_compress || response.body.size() < least_coded_bytes ||
      !is_compressible(response.get_header_value("Content-Type")))
    return;
  response.headers.emplace("Vary", "Accept-Encoding");
  if (call.accepted == coding::plain) return;
  auto coded = compressed(call.accepted, response.body);
  if (coded.empty() || coded.size() >= response.body.size()) return;
  response.body = std::move(coded);
  call.set("Content-Encoding", std::string{to_string(call.accepted)});
}

/// The answer as it is sent: in one piece, or in several where it is large.
plain_answer in_pieces(std::string answer, bool close) {
  if (answer.size() <= 2 * piece_bytes) return {std::move(answer), close};
  auto whole = std::make_shared<const std::string>(std::move(answer));
  late_body rest{[whole](uint64_t offset, size_t bytes) { return whole->substr(offset, bytes); },
                 piece_bytes, whole->size()};
  return {whole->substr(0, piece_bytes), close, std::move(rest)};
}

}  // namespace

void answer_later(route_call& call, std::string_view content_type, late_body body) {
  std::string fields;
  for (const auto& [name, value] : call.response.headers) fields += name + ": " + value + "\r\n";
  plain_answer answer{answer_head(200, fields, content_type, body.end, !call.keep_alive),
                      !call.keep_alive};
  if (!call.is_head()) answer.rest = std::move(body);
  call.instead = std::move(answer);
}

std::string route_call::asking_host() const {
  auto origin = request.get_header_value("Origin");
  auto at = origin.find("://");
  if (at == std::string::npos) return host;
  auto of_page = origin.substr(at + 3);
  return is_valid_host(of_page) ? of_page : host;
}

std::string route_call::launch_host() const {
  const auto& base = shared.place.badge_base_url;
  if (base.empty()) return own_url();
  if (base.starts_with("//")) return (client.is_https ? "https:" : "http:") + base;
  return base.front() == '/' ? own_host() + base : base;
}

std::string route_call::all_values(const char* name) const {
  return bindery::all_values(request, name);
}

void route_call::set(const std::string& name, const std::string& value) {
  response.headers.erase(name);
  response.set_header(name, value);
}

piece_answer next_piece(const late_body& body) {
  auto bytes = static_cast<size_t>(std::min<uint64_t>(piece_bytes, body.end - body.offset));
  try {
    auto piece = body.read(body.offset, bytes);
    if (piece.size() == bytes) return {std::move(piece)};
  } catch (const std::exception&) {  // as a body that is not there
  }
  return {};
}

router::router(std::shared_ptr<const prepared_site> shared, const http_options& options)
    : shared_(std::move(shared)) {
  set_default_headers(shared_->fields);
  set_keep_alive_timeout(
      std::chrono::duration_cast<std::chrono::seconds>(options.idle_timeout).count());
  // The library's own table matches unescaped paths with regular expressions; ours needs the
  // escaped ones, and no recursion on a client's text.
  set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    const auto& beside = current_->request.long_fields;
    if (beside.empty()) {
      route(request, response);
    } else {
      auto whole = request;
      for (const auto& [name, value] : beside) whole.headers.emplace(name, value);
      route(whole, response);
    }
    return HandlerResponse::Handled;
  });
  // The library would tell the client what was thrown; `handle` does not.
  set_exception_handler([](const httplib::Request&, httplib::Response&, std::exception_ptr thrown) {
    std::rethrow_exception(std::move(thrown));
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
    if (instead_) {
      std::visit(
          [&](auto& question) {
            if constexpr (requires { question.call; }) question.call = call;
          },
          *instead_);
      return std::move(*instead_);
    }
    if (!stream.answer.empty())
      return in_pieces(std::move(stream.answer), !fine || closed || !call.request.keep_alive);
  } catch (...) {  // falls through: the client learns that it is our fault
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
  route_call call{*shared_,
                  request,
                  response,
                  target.path,
                  target.query,
                  std::move(client),
                  host,
                  current_->request.keep_alive,
                  current_->request.takes_chunks,
                  best_coding(current_->request.accept_encoding),
                  true,
                  std::nullopt,
                  current_->login ? &*current_->login : nullptr,
                  current_->word ? &*current_->word : nullptr};
  serve(call);
  if (!call.instead) compress(call);
  instead_ = std::move(call.instead);
}

void router::serve(route_call& call) {
  const auto& base = shared_->place.base_url;
  if (const auto* label = ban_of(call))
    return refuse(call.response, 403, "Requests from " + *label + " are not allowed here.");
  bool reads = call.request.method == "GET" || call.is_head();
  if (call.request.method == "OPTIONS") return serve_preflight(call);
  if (!reads) {
    call.set("Allow", "GET, HEAD, OPTIONS");
    return refuse(call.response, 405, "This method is not allowed here.");
  }
  const auto& who_may = shared_->place.who_may;
  if (who_may && call.path == who_may->callback_path()) return serve_oauth_callback(call);
  if (call.path == std::string_view{base}.substr(0, base.size() - 1))
    return serve_base_redirect(call);
  if (call.path.substr(0, base.size()) != base) return serve_not_found(call);
  call.path.remove_prefix(base.size() - 1);
  for (const auto& entry : table) {
    bool fits = entry.is_prefix ? call.path.substr(0, entry.path.size()) == entry.path
                                : call.path == entry.path;
    if (!fits) continue;
    if (shared_->place.api_only && !entry.in_api) return serve_not_found(call);
    if (call.is_head() && !entry.allows_head) {
      call.set("Allow", "GET, OPTIONS");
      return refuse(call.response, 405, "This method is not allowed here.");
    }
    if (entry.is_inside && !let_in(call)) return;
    return entry.serve(call);
  }
  if (shared_->place.api_only) return serve_not_found(call);
  if (who_may && call.path == "/logout") return serve_logout(call);
  if (serve_asset(call) || serve_extra_file(call)) return;
  if (let_in(call)) serve_not_found(call);
}

}  // namespace bindery
