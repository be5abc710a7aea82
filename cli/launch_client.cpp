#include "cli/launch_client.hpp"

#include <future>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/net/event_stream_decoder.hpp"

namespace bindery {

namespace {

using answer = caf::expected<http_response>;

/// What one stream told so far; used on the engine's thread, read when the stream is over.
struct followed_launch {
  event_stream_decoder decoder;
  launch_listener listener;
  launched_url server;
  std::string failure;

  void take(std::string_view bytes) {
    auto events = decoder.feed(bytes);
    if (!events) return;
    for (const auto& text : *events) {
      auto event = nlohmann::json::parse(text, nullptr, false);
      if (!event.is_object()) continue;
      auto word = event.value("phase", std::string{});
      auto message = event.value("message", std::string{});
      if (word == "ready") server = {event.value("url", ""), event.value("token", "")};
      if (word == "failed") failure = message;
      listener(word, message);
    }
  }
  bool over() const { return !server.url.empty() || !failure.empty(); }
};

}  // namespace

caf::expected<launched_url> launch_and_follow(curl_engine& engine, const std::string& base_url,
                                              const std::string& spec,
                                              std::chrono::milliseconds timeout,
                                              const launch_listener& listener) {
  http_request request;
  request.url = base_url + "build/" + spec;
  request.headers = {{"Accept", "text/event-stream"}};
  request.timeout = timeout;
  request.max_body_bytes = uint64_t{1} << 30;
  auto launch = std::make_shared<followed_launch>();
  launch->listener = listener;
  auto done = std::make_shared<std::promise<answer>>();
  auto told = std::make_shared<bool>(false);
  // The stream stays open for a while after its last event, which is all we wait for.
  auto finish = [done, told](answer with) {
    if (!std::exchange(*told, true)) done->set_value(std::move(with));
  };
  http_callbacks callbacks;
  callbacks.on_chunk = [launch, finish](std::string_view bytes) {
    launch->take(bytes);
    if (launch->over()) finish(http_response{200, {}, {}, {}});
  };
  callbacks.on_done = [finish](answer with) { finish(std::move(with)); };
  auto ended = done->get_future();
  auto ticket = engine.submit(std::move(request), std::move(callbacks));
  if (!ticket) return std::move(ticket.error());
  auto result = ended.get();
  engine.cancel(*ticket);
  if (!launch->server.url.empty()) return launch->server;
  while (!launch->failure.empty() && launch->failure.back() == '\n') launch->failure.pop_back();
  if (!launch->failure.empty()) return make_error(errc::launch_failed, launch->failure);
  if (!result) return std::move(result.error());
  return make_error(errc::bad_answer, "The launch of " + spec + " ended without a server (status " +
                                          std::to_string(result->status) + ")");
}

caf::expected<int> ask_server(curl_engine& engine, const launched_url& server) {
  http_request request;
  request.url = server.url;
  request.headers = {{"Authorization", "token " + server.token}};
  request.max_redirects = 5;
  auto done = std::make_shared<std::promise<answer>>();
  auto ended = done->get_future();
  http_callbacks callbacks;
  callbacks.on_done = [done](answer with) { done->set_value(std::move(with)); };
  auto ticket = engine.submit(std::move(request), std::move(callbacks));
  if (!ticket) return std::move(ticket.error());
  auto result = ended.get();
  if (!result) return std::move(result.error());
  return result->status;
}

}  // namespace bindery
