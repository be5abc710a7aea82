#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/expected.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/http_client.hpp"
#include "actors/interfaces.hpp"
#include "runtime/error.hpp"

namespace bindery::test {

/// An answer with a body, for scripts.
inline http_response answer_of(int32_t status, std::string body = {}, http_headers headers = {}) {
  http_response response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}

/// What a test wants upstreams to say, and what they were asked. Shared with the actor made by
/// `scripted_http_client`; both live on the test's thread.
struct scripted_http {
  using answer = std::optional<caf::expected<http_response>>;

  struct stream {
    http_request request;
    http_sink_actor sink;
    uint64_t ticket = 0;
    /// Its asker stopped it, or died.
    bool stopped = false;
  };

  /// Answers a request at once; nothing means that the upstream stays silent, so that the request
  /// ends in `errc::timeout` when its time is up.
  std::function<answer(const http_request&)> on_fetch;
  /// Refuses to open a stream where it returns an error.
  std::function<caf::error(const http_request&)> on_stream;

  std::vector<http_request> requests;
  std::vector<stream> streams;

  /// Answers the requests one after the other; the last answer serves for all further ones.
  void say(std::vector<answer> answers) {
    on_fetch = [answers = std::move(answers), next = size_t{0}](const http_request&) mutable {
      return answers[next + 1 < answers.size() ? next++ : next];
    };
  }

  /// `GET http://hub/x` of request number `i`.
  std::string line(size_t i) const { return requests.at(i).method + " " + requests.at(i).url; }
};

struct scripted_http_state {
  std::shared_ptr<scripted_http> script;
  std::vector<std::pair<uint64_t, caf::typed_response_promise<http_response>>> silent;
  uint64_t last_ticket = 0;
};

/// Stands in for the HTTP client, without sockets.
inline http_client_with_engine::behavior_type scripted_http_client(
    http_client_with_engine::stateful_pointer<scripted_http_state> self,
    std::shared_ptr<scripted_http> script) {
  auto& state = self->state;
  state.script = std::move(script);
  self->set_down_handler([&state](const caf::down_msg& down) {
    for (auto& stream : state.script->streams)
      if (stream.sink.address() == down.source) stream.stopped = true;
  });
  return {
      [self, &state](fetch_atom, const http_request& request) -> caf::result<http_response> {
        state.script->requests.push_back(request);
        auto answer =
            state.script->on_fetch ? state.script->on_fetch(request) : scripted_http::answer{};
        if (answer) return *answer;
        auto promise = self->make_response_promise<http_response>();
        state.silent.emplace_back(++state.last_ticket, promise);
        self->delayed_send(http_client_with_engine{self}, request.timeout, end_atom::value,
                           state.last_ticket, make_error(errc::timeout, "GET http://silent/"));
        return promise;
      },
      [self, &state](stream_atom, const http_request& request,
                     const http_sink_actor& sink) -> caf::result<uint64_t> {
        state.script->requests.push_back(request);
        if (state.script->on_stream)
          if (auto err = state.script->on_stream(request)) return err;
        state.script->streams.push_back({request, sink, ++state.last_ticket, false});
        self->monitor(sink);
        return state.last_ticket;
      },
      [&state](stop_atom, uint64_t ticket) {
        for (auto& stream : state.script->streams)
          if (stream.ticket == ticket) stream.stopped = true;
      },
      [](chunk_atom, uint64_t, const std::string&) {},
      [](end_atom, uint64_t, const http_response&) {},
      [&state](end_atom, uint64_t ticket, const caf::error& why) {
        for (auto& [waiting, promise] : state.silent)
          if (waiting == ticket) promise.deliver(why);
      },
  };
}

}  // namespace bindery::test
