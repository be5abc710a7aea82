#pragma once

#include <chrono>
#include <string>

#include <caf/error.hpp>
#include <curl/curl.h>

#include "runtime/net/http_message.hpp"

namespace bindery {

/// For people: `5 s`, `250 ms`.
std::string shown_duration(std::chrono::milliseconds time);

/// `GET http://127.0.0.1:1/v2/`: what a request's errors begin with. Shows no secret of the URL.
std::string shown_request(const http_request& request);

/// Why libcurl gave up on `request`: the code by kind of fault, the words naming the request.
/// `os_errno` is what `CURLINFO_OS_ERRNO` says, `connected` whether a connection stood, `detail` is
/// libcurl's own text, used where a table entry would say less.
caf::error curl_fault(const http_request& request, CURLcode code, long os_errno, bool connected,
                      const std::string& detail);

}  // namespace bindery
