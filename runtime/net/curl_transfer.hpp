#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <caf/error.hpp>
#include <curl/curl.h>

#include "runtime/error.hpp"
#include "runtime/net/answer_intake.hpp"
#include "runtime/net/curl_engine.hpp"
#include "runtime/net/curl_request.hpp"
#include "runtime/net/public_sockets.hpp"

namespace bindery {

/// One request on its way through libcurl, over all its redirects: passes on what comes in, and
/// decides what the end means. Used by `curl_engine` on its
/// thread.
class curl_transfer {
 public:
  using clock = std::chrono::steady_clock;

  curl_transfer(uint64_t ticket, http_request request, http_callbacks callbacks,
                const curl_engine_options& options);
  ~curl_transfer();
  curl_transfer(const curl_transfer&) = delete;
  curl_transfer& operator=(const curl_transfer&) = delete;

  uint64_t ticket() const { return ticket_; }
  CURL* easy() const { return easy_; }

  /// Makes the easy handle ready for the current URL. Errors: bad_request, timeout.
  caf::error prepare();

  /// libcurl is done with the current URL. The request's result, or nothing where a redirect is to
  /// be followed: prepare again.
  std::optional<caf::expected<http_response>> conclude(CURLcode code);

  /// Calls `on_done`, once; later calls do nothing.
  void settle(caf::expected<http_response> result);

  /// When the upstream will have been silent for too long; nothing where that is not bounded.
  std::optional<clock::time_point> idle_deadline() const;

  caf::error idle_error() const;
  caf::error cancelled_error() const;

 private:
  static size_t take_header(char* data, size_t size, size_t count, void* self) noexcept;
  static size_t take_body(char* data, size_t size, size_t count, void* self) noexcept;

  bool add_header_line(std::string_view line);
  bool add_body(std::string_view bytes);
  bool stop(errc code, const std::string& why);

  bool follows_redirect() const;
  caf::error enter_redirect();
  bool streams() const;

  uint64_t ticket_;
  http_request request_;
  http_callbacks callbacks_;
  const curl_engine_options& options_;
  CURL* easy_;
  curl_list header_list_;
  char error_text_[CURL_ERROR_SIZE] = {};

  answer_intake intake_;
  public_sockets sockets_;
  uint32_t redirects_ = 0;
  /// Why a callback of ours stopped the transfer.
  caf::error stopped_by_;
  clock::time_point started_ = clock::now();
  clock::time_point last_activity_ = started_;
};

}  // namespace bindery
