#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <caf/error.hpp>
#include <curl/curl.h>

#include "runtime/net/http_message.hpp"

namespace bindery {

// What libcurl is told of a request.

struct curl_list_deleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using curl_list = std::unique_ptr<curl_slist, curl_list_deleter>;

/// Whether the request can be sent as it is, and writes no further header fields. Errors:
/// bad_request.
caf::error check_request(const http_request& request);

/// The header fields for `CURLOPT_HTTPHEADER`; null where memory is short.
curl_list header_list(const http_request& request);

/// Target, method and body, which `easy` keeps pointers to: `request` must outlive the transfer.
/// `ca_file`: trusted certificates, "" for libcurl's own.
void set_request(CURL* easy, const http_request& request, const std::string& ca_file);

/// How long it may take; `spent` of its time is over already.
void set_deadlines(CURL* easy, const http_request& request, std::chrono::milliseconds spent);

}  // namespace bindery
