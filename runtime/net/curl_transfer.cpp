#include "runtime/net/curl_transfer.hpp"

#include <algorithm>
#include <exception>
#include <string_view>
#include <strings.h>
#include <utility>

#include "runtime/error.hpp"
#include "runtime/net/curl_fault.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

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
      easy_(curl_easy_init()),
      intake_(options.max_header_bytes, request_.max_body_bytes) {}

curl_transfer::~curl_transfer() {
  if (easy_ != nullptr) curl_easy_cleanup(easy_);
}

// -- setting up -----------------------------------------------------------------------------------

caf::error curl_transfer::prepare() {
  if (easy_ == nullptr) return make_error(errc::internal, "libcurl gives no handle");
  if (auto err = check_request(request_)) return err;
  curl_easy_reset(easy_);
  intake_ = answer_intake{options_.max_header_bytes, request_.max_body_bytes};
  error_text_[0] = '\0';
  header_list_ = header_list(request_);
  if (!header_list_) return make_error(errc::internal, "out of memory");
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, header_list_.get());
  set_request(easy_, request_, options_.ca_file);
  set_deadlines(easy_, request_, duration_cast<milliseconds>(clock::now() - started_));
  if (request_.public_only) sockets_.guard(easy_, request_.url);
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_text_);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &take_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  return {};
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
  auto was_complete = intake_.head_complete();
  if (auto err = intake_.add_header_line(line)) return stop(code_of(err), describe(err));
  if (was_complete || !intake_.head_complete()) return true;
  intake_.response().effective_url = request_.url;
  if (callbacks_.on_head && !follows_redirect()) callbacks_.on_head(intake_.response());
  return true;
}

bool curl_transfer::add_body(std::string_view bytes) {
  last_activity_ = clock::now();
  auto keep = !follows_redirect() && !streams();
  if (auto err = intake_.add_body(bytes, keep)) return stop(code_of(err), describe(err));
  if (streams() && !follows_redirect()) callbacks_.on_chunk(bytes);
  return true;
}

bool curl_transfer::streams() const {
  auto status = intake_.response().status;
  return callbacks_.on_chunk && status >= 200 && status < 300;
}

// -- the end --------------------------------------------------------------------------------------

std::optional<caf::expected<http_response>> curl_transfer::conclude(CURLcode code) {
  if (stopped_by_) return stopped_by_;
  if (sockets_.refused() && (code == CURLE_COULDNT_CONNECT || code == CURLE_ABORTED_BY_CALLBACK))
    return make_error(errc::forbidden,
                      shown_request(request_) +
                          ": the host has an address of a private network, and such hosts are not "
                          "asked. The operator of this site can allow it with private_hosts");
  // So libcurl says that one header line is longer than it takes.
  if (code == CURLE_OUT_OF_MEMORY && !intake_.head_complete()) {
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
  // libcurl takes a head that breaks off for a whole one.
  if (!intake_.head_complete()) return curl_fault(request_, CURLE_PARTIAL_FILE, 0, true, {});
  if (!follows_redirect()) return std::move(intake_.response());
  if (auto err = enter_redirect()) return err;
  return std::nullopt;
}

bool curl_transfer::follows_redirect() const {
  const auto& response = intake_.response();
  auto status = response.status;
  return request_.max_redirects > 0 && (request_.method == "GET" || request_.method == "HEAD") &&
         (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         !find_header(response.headers, "location").empty();
}

caf::error curl_transfer::enter_redirect() {
  auto refuse = [&](const std::string& why) {
    return make_error(errc::bad_answer, shown_request(request_) + ": " + why);
  };
  if (redirects_ >= request_.max_redirects)
    return refuse("it redirects more than " + std::to_string(request_.max_redirects) + " times");
  auto location = std::string{find_header(intake_.response().headers, "location")};
  auto target = resolve_location(request_.url, location);
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
