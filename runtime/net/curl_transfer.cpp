#include "runtime/net/curl_transfer.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <exception>
#include <strings.h>
#include <utility>

#include <climits>

#include "runtime/error.hpp"
#include "runtime/net/curl_fault.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

/// `tchar` of RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

/// A value with a line break or NUL would write further header fields.
bool is_field_value(std::string_view text) {
  return text.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
}

bool is_url_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c > 0x20 && c != 0x7f; });
}

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// Fields that may follow to another host. Anything else might be a credential.
bool may_travel(std::string_view name) {
  return same_name(name, "accept") || same_name(name, "user-agent");
}

}  // namespace

curl_transfer::curl_transfer(uint64_t ticket, http_request request, http_callbacks callbacks,
                             const curl_engine_options& options)
    : ticket_(ticket),
      request_(std::move(request)),
      callbacks_(std::move(callbacks)),
      options_(options),
      easy_(curl_easy_init()) {}

curl_transfer::~curl_transfer() {
  if (easy_ != nullptr) curl_easy_cleanup(easy_);
  curl_slist_free_all(header_list_);
}

// -- setting up -----------------------------------------------------------------------------------

caf::error curl_transfer::prepare() {
  if (easy_ == nullptr) return make_error(errc::internal, "libcurl gives no handle");
  if (auto err = check_request()) return err;
  curl_easy_reset(easy_);
  response_ = {};
  header_bytes_ = body_bytes_ = 0;
  head_complete_ = false;
  error_text_[0] = '\0';
  if (auto err = build_header_list()) return err;
  set_target();
  set_method_and_body();
  set_bounds();
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_text_);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &take_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  return {};
}

caf::error curl_transfer::check_request() const {
  auto refuse = [&](const char* why) {
    return make_error(errc::bad_request, shown_url(request_.url) + ": " + why);
  };
  if (!is_token(request_.method)) return refuse("the request's method is no HTTP method");
  if (!is_url_text(request_.url)) return refuse("the URL has spaces or control characters");
  for (const auto& [name, value] : request_.headers)
    if (!is_token(name) || !is_field_value(value))
      return refuse("a header field of the request is malformed");
  if (request_.unix_socket.find('\0') != std::string::npos)
    return refuse("the path of the socket has a NUL in it");
  return {};
}

caf::error curl_transfer::build_header_list() {
  curl_slist_free_all(header_list_);
  header_list_ = nullptr;
  bool ok = true;
  auto add = [&](const std::string& line) {
    auto* longer = curl_slist_append(header_list_, line.c_str());
    ok = ok && longer != nullptr;
    if (longer != nullptr) header_list_ = longer;
  };
  for (const auto& [name, value] : request_.headers)
    add(value.empty() ? name + ";" : name + ": " + value);
  // libcurl would announce a form, and wait for leave to send larger bodies.
  if (find_header(request_.headers, "content-type").empty())
    add(request_.body.empty() ? "Content-Type:" : "Content-Type: application/octet-stream");
  add("Expect:");
  if (!ok) return make_error(errc::internal, "out of memory");
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, header_list_);
  return {};
}

void curl_transfer::set_target() {
  curl_easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(easy_, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, "bindery/" BINDERY_VERSION);
  if (!request_.unix_socket.empty())
    curl_easy_setopt(easy_, CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
  if (!request_.unix_socket.empty() || is_loopback(request_.url))
    curl_easy_setopt(easy_, CURLOPT_PROXY, "");
  if (!options_.ca_file.empty()) curl_easy_setopt(easy_, CURLOPT_CAINFO, options_.ca_file.c_str());
}

void curl_transfer::set_method_and_body() {
  if (request_.method == "HEAD") {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
    return;
  }
  if (!request_.body.empty() || request_.method == "POST" || request_.method == "PUT" ||
      request_.method == "PATCH") {
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request_.body.data());
  }
  curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void curl_transfer::set_bounds() {
  auto spent = duration_cast<milliseconds>(clock::now() - started_);
  auto bounded = [](milliseconds time) {
    return static_cast<long>(std::clamp<int64_t>(time.count(), 1, INT_MAX));
  };
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, bounded(request_.timeout - spent));
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, bounded(request_.connect_timeout));
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
  // Without this, giving up on a name look-up would block the engine until the resolver is done.
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
}

// -- taking the answer in -------------------------------------------------------------------------

size_t curl_transfer::take_header(char* data, size_t size, size_t count, void* self) noexcept {
  auto& transfer = *static_cast<curl_transfer*>(self);
  auto bytes = size * count;
  try {
    return transfer.add_header_line({data, bytes}) ? bytes : 0;
  } catch (const std::exception& ex) {
    transfer.stop(errc::internal, std::string{"taking in its headers failed: "} + ex.what());
    return 0;
  }
}

size_t curl_transfer::take_body(char* data, size_t size, size_t count, void* self) noexcept {
  auto& transfer = *static_cast<curl_transfer*>(self);
  auto bytes = size * count;
  try {
    return transfer.add_body({data, bytes}) ? bytes : CURL_WRITEFUNC_ERROR;
  } catch (const std::exception& ex) {
    transfer.stop(errc::internal, std::string{"taking in its body failed: "} + ex.what());
    return CURL_WRITEFUNC_ERROR;
  }
}

bool curl_transfer::stop(errc code, const std::string& why) {
  if (!stopped_by_) stopped_by_ = make_error(code, shown_request(request_) + ": " + why);
  return false;
}

bool curl_transfer::add_header_line(std::string_view line) {
  last_activity_ = clock::now();
  header_bytes_ += line.size();
  if (header_bytes_ > options_.max_header_bytes)
    return stop(errc::too_large, "the answer's headers are longer than " +
                                     std::to_string(options_.max_header_bytes) + " bytes");
  if (head_complete_) return true;  // a trailer
  if (line.rfind("HTTP/", 0) == 0) {
    // Also after an interim answer (1xx): only the last one counts.
    response_.headers.clear();
    auto space = line.find(' ');
    if (space == std::string_view::npos) return true;
    auto digits = trimmed(line.substr(space));
    std::from_chars(digits.data(), digits.data() + digits.size(), response_.status);
    return true;
  }
  auto text = trimmed(line);
  if (text.empty()) return end_headers();
  if (line.front() == ' ' || line.front() == '\t') return true;  // a folded field's further lines
  auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return true;
  response_.headers.emplace_back(trimmed(text.substr(0, colon)), trimmed(text.substr(colon + 1)));
  return true;
}

bool curl_transfer::end_headers() {
  if (response_.status < 200) return true;
  head_complete_ = true;
  response_.effective_url = request_.url;
  if (callbacks_.on_head && !follows_redirect()) callbacks_.on_head(response_);
  return true;
}

bool curl_transfer::add_body(std::string_view bytes) {
  last_activity_ = clock::now();
  body_bytes_ += bytes.size();
  if (body_bytes_ > request_.max_body_bytes)
    return stop(errc::too_large,
                "the answer is longer than " + std::to_string(request_.max_body_bytes) + " bytes");
  if (follows_redirect()) return true;
  if (streams())
    callbacks_.on_chunk(bytes);
  else
    response_.body.append(bytes);
  return true;
}

bool curl_transfer::streams() const {
  return callbacks_.on_chunk && response_.status >= 200 && response_.status < 300;
}

// -- the end --------------------------------------------------------------------------------------

std::optional<caf::expected<http_response>> curl_transfer::conclude(CURLcode code) {
  if (stopped_by_) return stopped_by_;
  // So libcurl says that one header line is longer than it takes.
  if (code == CURLE_OUT_OF_MEMORY && !head_complete_) {
    stop(errc::too_large, "a header line of the answer is too long");
    return stopped_by_;
  }
  if (code != CURLE_OK) {
    long os_errno = 0;
    curl_off_t connected_after = 0;
    curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &os_errno);
    curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &connected_after);
    return curl_fault(request_, code, os_errno, connected_after > 0 || redirects_ > 0, error_text_);
  }
  if (!follows_redirect()) return std::move(response_);
  if (auto err = enter_redirect()) return err;
  return std::nullopt;
}

bool curl_transfer::follows_redirect() const {
  auto status = response_.status;
  return request_.max_redirects > 0 && (request_.method == "GET" || request_.method == "HEAD") &&
         (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         !find_header(response_.headers, "location").empty();
}

caf::error curl_transfer::enter_redirect() {
  auto refuse = [&](const std::string& why) {
    return make_error(errc::bad_answer, shown_request(request_) + ": " + why);
  };
  if (redirects_ >= request_.max_redirects)
    return refuse("it redirects more than " + std::to_string(request_.max_redirects) + " times");
  auto target =
      resolve_location(request_.url, std::string{find_header(response_.headers, "location")});
  if (!target) return refuse(describe(target.error()));
  if (!same_origin(request_.url, *target)) {
    if (!request_.unix_socket.empty()) return refuse("it redirects away from its socket");
    auto& headers = request_.headers;
    headers.erase(std::remove_if(headers.begin(), headers.end(),
                                 [](const auto& field) { return !may_travel(field.first); }),
                  headers.end());
  }
  if (clock::now() - started_ >= request_.timeout)
    return curl_fault(request_, CURLE_OPERATION_TIMEDOUT, 0, true, {});
  ++redirects_;
  request_.url = std::move(*target);
  return {};
}

void curl_transfer::settle(caf::expected<http_response> result) {
  if (!callbacks_.on_done) return;
  auto done = std::exchange(callbacks_.on_done, nullptr);
  try {
    done(std::move(result));
  } catch (const std::exception&) {
    // The asker's own fault; the engine serves the others.
  }
  callbacks_ = {};
}

std::optional<curl_transfer::clock::time_point> curl_transfer::idle_deadline() const {
  if (request_.idle_timeout.count() <= 0) return std::nullopt;
  return last_activity_ + request_.idle_timeout;
}

caf::error curl_transfer::idle_error() const {
  return make_error(errc::timeout, shown_request(request_) + ": nothing came for " +
                                       shown_duration(request_.idle_timeout));
}

caf::error curl_transfer::cancelled_error() const {
  return make_error(errc::cancelled, shown_request(request_) + ": cancelled");
}

}  // namespace bindery
