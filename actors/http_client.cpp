#include "actors/http_client.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include <caf/send.hpp>

#include "runtime/error.hpp"

namespace bindery {

http_client_state::~http_client_state() {
  for (auto& [ticket, fetch] : fetches) {
    engine->cancel(fetch.engine_ticket);
    fetch.promise.deliver(make_error(errc::shutting_down));
  }
  for (auto& [ticket, stream] : streams) {
    engine->cancel(stream.engine_ticket);
    self->demonitor(stream.sink.address());
    self->send(stream.sink, end_atom::value, ticket, make_error(errc::shutting_down));
  }
}

http_client_with_engine::behavior_type http_client_state::make_behavior() {
  self->set_down_handler([this](const caf::down_msg& down) { on_sink_down(down); });
  return {
      [this](fetch_atom, http_request& request) { return fetch(std::move(request)); },
      [this](stream_atom, http_request& request, const http_sink_actor& sink) {
        return open_stream(std::move(request), sink);
      },
      [this](stop_atom, uint64_t ticket) { stop_stream(ticket); },
      [this](chunk_atom, uint64_t ticket, std::string& bytes) {
        pass_chunk(ticket, std::move(bytes));
      },
      [this](end_atom, uint64_t ticket, http_response& response) {
        finish(ticket, std::move(response));
      },
      [this](end_atom, uint64_t ticket, caf::error& why) { fail(ticket, std::move(why)); },
  };
}

caf::result<http_response> http_client_state::fetch(http_request request) {
  auto ticket = ++last_ticket;
  auto submitted = submit(ticket, std::move(request), false);
  if (!submitted) return submitted.error();
  auto promise = self->make_response_promise<http_response>();
  fetches.emplace(ticket, fetch_under_way{*submitted, promise});
  return promise;
}

caf::result<uint64_t> http_client_state::open_stream(http_request request,
                                                     const http_sink_actor& sink) {
  auto ticket = ++last_ticket;
  auto submitted = submit(ticket, std::move(request), true);
  if (!submitted) return submitted.error();
  streams.emplace(ticket, open_stream_entry{*submitted, sink});
  self->monitor(sink);
  return ticket;
}

void http_client_state::stop_stream(uint64_t ticket) {
  open_stream_entry stream;
  if (take_stream(ticket, stream)) engine->cancel(stream.engine_ticket);
}

void http_client_state::pass_chunk(uint64_t ticket, std::string bytes) {
  if (auto i = streams.find(ticket); i != streams.end())
    self->send(i->second.sink, chunk_atom::value, ticket, std::move(bytes));
}

void http_client_state::finish(uint64_t ticket, http_response response) {
  open_stream_entry stream;
  if (auto fetch = fetches.extract(ticket))
    fetch.mapped().promise.deliver(std::move(response));
  else if (take_stream(ticket, stream))
    self->send(stream.sink, end_atom::value, ticket, std::move(response));
}

void http_client_state::fail(uint64_t ticket, caf::error why) {
  open_stream_entry stream;
  if (auto fetch = fetches.extract(ticket))
    fetch.mapped().promise.deliver(std::move(why));
  else if (take_stream(ticket, stream))
    self->send(stream.sink, end_atom::value, ticket, std::move(why));
}

void http_client_state::on_sink_down(const caf::down_msg& down) {
  std::vector<uint64_t> orphans;
  for (const auto& [ticket, stream] : streams)
    if (stream.sink.address() == down.source) orphans.push_back(ticket);
  for (auto ticket : orphans) stop_stream(ticket);
}

caf::expected<uint64_t> http_client_state::submit(uint64_t ticket, http_request request,
                                                  bool streaming) {
  // These run on the engine's thread, where sending is all that may be done. The handle keeps this
  // actor's memory, and nothing else of it, until the engine is done with the request.
  http_sink_actor here = http_client_with_engine{self};
  http_callbacks callbacks;
  if (streaming)
    callbacks.on_chunk = [here, ticket](std::string_view bytes) {
      caf::anon_send(here, chunk_atom::value, ticket, std::string{bytes});
    };
  callbacks.on_done = [here, ticket](caf::expected<http_response> result) {
    if (result)
      caf::anon_send(here, end_atom::value, ticket, std::move(*result));
    else
      caf::anon_send(here, end_atom::value, ticket, result.error());
  };
  return engine->submit(std::move(request), std::move(callbacks));
}

bool http_client_state::take_stream(uint64_t ticket, open_stream_entry& taken) {
  auto entry = streams.extract(ticket);
  if (!entry) return false;
  taken = std::move(entry.mapped());
  self->demonitor(taken.sink.address());
  return true;
}

http_client_with_engine::behavior_type http_client(
    http_client_with_engine::stateful_pointer<http_client_state> self,
    std::shared_ptr<curl_engine> engine) {
  self->state.engine = std::move(engine);
  return self->state.make_behavior();
}

}  // namespace bindery
