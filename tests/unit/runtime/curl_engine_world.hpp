#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"
#include "runtime/net/curl_engine.hpp"
#include "tests/unit/runtime/scripted_server.hpp"

namespace bindery::test {

using namespace std::chrono_literals;

using result = caf::expected<http_response>;

/// Everything that callbacks said of one request.
struct record {
  std::promise<result> done;
  std::future<result> end = done.get_future();
  std::promise<void> first_chunk;
  std::string chunks;
  int heads = 0;
  int dones = 0;
  uint64_t ticket = 0;

  result wait() {
    if (end.wait_for(20s) != std::future_status::ready) return make_error(errc::internal, "hangs");
    return end.get();
  }
};

struct engine_fixture {
  std::shared_ptr<record> start(http_request request, bool streaming = false) {
    auto kept = std::make_shared<record>();
    http_callbacks callbacks;
    callbacks.on_head = [kept](const http_response&) { ++kept->heads; };
    if (streaming)
      callbacks.on_chunk = [kept](std::string_view bytes) {
        if (kept->chunks.empty()) kept->first_chunk.set_value();
        kept->chunks += bytes;
      };
    callbacks.on_done = [kept](result end) {
      if (++kept->dones == 1) kept->done.set_value(std::move(end));
    };
    auto ticket = engine->submit(std::move(request), std::move(callbacks));
    if (ticket)
      kept->ticket = *ticket;
    else
      kept->done.set_value(ticket.error());
    return kept;
  }

  result ask(http_request request) { return start(std::move(request))->wait(); }

  result get(const std::string& url) {
    http_request request;
    request.url = url;
    return ask(std::move(request));
  }

  std::unique_ptr<curl_engine> engine = std::make_unique<curl_engine>();
};

inline bool says(const result& end, std::string_view words) {
  return !end && describe(end.error()).find(words) != std::string::npos;
}

inline errc code(const result& end) {
  return end ? errc::none : code_of(end.error());
}

inline http_request request_to(std::string url) {
  http_request request;
  request.url = std::move(url);
  return request;
}

/// A port that nobody listens on.
inline int closed_port() {
  scripted_server server{[](scripted_connection&) {}};
  return server.port();
}

}  // namespace bindery::test
