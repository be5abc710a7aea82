#include "http/http_broker.hpp"

#include <exception>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/io/middleman.hpp>
#include <caf/send.hpp>

#include "http/event_text.hpp"
#include "runtime/error.hpp"

namespace bindery {

namespace {

namespace io = caf::io;

/// Files that connections which are being refused may use above the cap.
constexpr size_t refusing_files = 384;

}  // namespace

http_broker_state::http_broker_state(self_pointer selfptr)
    : self(selfptr), streams(event_streams::options{}) {}

void http_broker_state::start(http_options opts, launch_desk_actor desk_handle,
                              health_actor health_handle, login_actor login_handle,
                              rate_limit_actor rate_limit_handle, std::vector<caf::actor> workers) {
  options = std::move(opts);
  desk = std::move(desk_handle);
  health = std::move(health_handle);
  login = std::move(login_handle);
  rate_limit = std::move(rate_limit_handle);
  all_workers = idle_workers = std::move(workers);
  cap = connection_cap(options.max_connections);
  hard_cap = connection_cap(0) + refusing_files;
  streams = event_streams{{options.keepalive_interval, options.stream_linger, options.rejoin_window,
                           options.return_window}};
  self->monitor(desk);
  self->set_down_handler([this](const caf::down_msg& down) { on_desk_down(down); });
  tick_later();
}

caf::behavior http_broker_state::make_behavior() {
  // An exception would end the actor and with it every connection: it costs one connection at most.
  auto guarded = [this](auto handle, auto&& operation) {
    try {
      operation();
    } catch (const std::exception&) {
      if (auto found = ids.find(handle); found != ids.end()) drop(found->second);
    }
  };
  auto no_handle = io::connection_handle{};
  return {
      [this](start_atom, int fd) { listen(fd); },
      [=, this](const io::new_connection_msg& m) {
        guarded(m.handle, [&] { on_connection(m.handle); });
      },
      [=, this](io::new_data_msg& m) { guarded(m.handle, [&] { on_bytes(m.handle, m.buf); }); },
      [=, this](const io::data_transferred_msg& m) {
        guarded(m.handle, [&] { on_sent(m.handle, m.remaining); });
      },
      [=, this](const io::connection_closed_msg& m) {
        guarded(m.handle, [&] { on_gone(m.handle); });
      },
      [this](const io::acceptor_closed_msg&) {
        stop(make_error(errc::io_failed, "the listening socket broke"));
      },
      [=, this](http_result& result) {
        auto* one = find(result.connection);
        guarded(one ? one->handle : no_handle,
                [&] { on_result(caf::actor_cast<caf::actor>(self->current_sender()), result); });
      },
      [=, this](event_atom, const std::string& launch_id, const stream_event& event) {
        guarded(no_handle, [&] { on_event(launch_id, event); });
      },
      [=, this](http_tick_atom) {
        tick_later();
        guarded(no_handle, [&] { on_tick(); });
      },
      [this](http_counts_atom) { return counts(); },
      [this](stop_atom) { begin_stop(); },
      [this](http_stop_atom) { stop(); },
  };
}

void http_broker_state::listen(int fd) {
  self->add_doorman(fd);
}

void http_broker_state::tick_later() {
  // From nobody: CAF leaves a broker's mailbox open at its end, and a message in it that names the
  // broker as its sender (`self->delayed_anon_send` does so too) would keep the broker for ever.
  caf::delayed_anon_send(caf::actor{self}, options.tick, http_tick_atom::value);
}

void http_broker_state::on_tick() {
  auto now = clock::now();
  auto due = streams.tick(now);
  auto keepalive_chunk = chunk_of(keepalive_text);
  for (auto id : due.keepalives)
    if (auto* one = find(id))
      send(*one, one->chunked ? std::string_view{keepalive_chunk} : keepalive_text);
  for (auto id : due.lingered)
    if (auto* one = find(id)) finish(*one);
  std::vector<uint64_t> late;
  for (const auto& [id, one] : connections)
    if (now >= one.deadline) late.push_back(id);
  for (auto id : late)
    if (auto* one = find(id)) expire(*one);
}

http_counts http_broker_state::counts() const {
  auto result = totals;
  result.connections = connections.size();
  result.event_streams = streams.size();
  return result;
}

void http_broker_state::begin_stop() {
  // A socket that comes and goes within one round of CAF's loop is never released, nor is its
  // memory: those that came in this round are taken in before the end.
  auto end = [here = caf::actor{self}] { caf::anon_send(here, http_stop_atom::value); };
  self->system().middleman().backend().post(std::move(end));
}

void http_broker_state::stop(caf::error why) {
  if (std::exchange(stopping, true)) return;
  std::vector<uint64_t> open;
  for (const auto& [id, one] : connections) open.push_back(id);
  for (auto id : open) drop(id);
  for (const auto& worker : all_workers) self->send_exit(worker, caf::exit_reason::user_shutdown);
  self->demonitor(desk.address());
  self->quit(std::move(why));
}

http_broker_state::connection* http_broker_state::find(uint64_t id) {
  auto found = connections.find(id);
  return found == connections.end() ? nullptr : &found->second;
}

http_broker_state::connection* http_broker_state::find(io::connection_handle handle) {
  auto found = ids.find(handle);
  return found == ids.end() ? nullptr : find(found->second);
}

launch_sink_actor http_broker_state::as_sink() const {
  return caf::actor_cast<launch_sink_actor>(caf::actor{self});
}

caf::behavior http_broker(http_broker_state::self_pointer self, http_options options,
                          launch_desk_actor desk, health_actor health, login_actor login,
                          rate_limit_actor rate_limit, std::vector<caf::actor> workers) {
  auto& state = self->state;
  state.start(std::move(options), std::move(desk), std::move(health), std::move(login),
              std::move(rate_limit), std::move(workers));
  return state.make_behavior();
}

}  // namespace bindery
