#include "http/http_broker.hpp"

#include <algorithm>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/io/middleman.hpp>
#include <caf/send.hpp>

#include "http/answer_text.hpp"
#include "http/event_text.hpp"
#include "runtime/error.hpp"

namespace bindery {

namespace {

namespace io = caf::io;

constexpr size_t request_chunk_bytes = 2048;
/// While nothing is expected from the client; all but this is given back (10,000 streams have as
/// many buffers).
constexpr size_t waiting_chunk_bytes = 128;
/// Files that connections which are being refused may use above the cap.
constexpr size_t refusing_files = 384;
constexpr std::string_view busy = "Too many connections. Try again in a few seconds.";
constexpr std::string_view retry_soon = "Retry-After: 5\r\n";

int fd_of(io::connection_handle handle) {
  return static_cast<int>(handle.id());
}

/// IPv4 clients of an IPv6 socket by their IPv4 address.
std::string plain_address(std::string address) {
  constexpr std::string_view mapped = "::ffff:";
  if (address.rfind(mapped, 0) == 0 && address.find('.') != std::string::npos)
    address.erase(0, mapped.size());
  return address;
}

void bound_unacknowledged(int fd, std::chrono::milliseconds limit) {
  auto value = static_cast<unsigned>(limit.count());
  ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof value);
}

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

void http_broker_state::on_connection(io::connection_handle handle) {
  ++totals.accepted;
  if (connections.size() >= hard_cap) {
    auto text = refusal_text(503, retry_soon, busy);
    ::send(fd_of(handle), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    ++totals.refused;
    self->close(handle);
    return;
  }
  auto id = next_id++;
  auto& one = connections[id];
  one.id = id;
  one.handle = handle;
  one.framer = request_framer{options.framer};
  one.deadline = clock::now() + options.header_timeout;
  ids[handle] = id;
  bound_unacknowledged(fd_of(handle), options.unacknowledged_timeout);
  self->configure_read(handle, io::receive_policy::at_most(request_chunk_bytes));
  if (connections.size() - refusing > cap) {
    one.refused = true;
    ++refusing;
    ++totals.refused;
    send(one, refusal_text(503, retry_soon, busy)) ? finish(one) : void();
    return;
  }
  one.peer = plain_address(self->remote_addr(handle));
}

void http_broker_state::on_bytes(io::connection_handle handle, std::vector<char>& bytes) {
  auto* one = find(handle);
  if (one == nullptr || one->at == stage::streaming || one->at == stage::closing) return;
  if (one->at == stage::reading && one->framer.idle())
    one->deadline = clock::now() + options.header_timeout;
  one->framer.append({bytes.data(), bytes.size()});
  if (one->at == stage::reading) {
    std::vector<char>{}.swap(bytes);  // CAF makes the next one as large as configured by then
    pump(*one);
  } else if (one->framer.buffered_bytes() >
             options.framer.header_bytes + options.framer.body_bytes) {
    drop(one->id);  // sends on and on without waiting for an answer
  }
}

void http_broker_state::pump(connection& one) {
  auto next = one.framer.next();
  if (auto* fault = std::get_if<framing_fault>(&next)) {
    refuse(one, fault->status, fault->reason);
  } else if (auto* request = std::get_if<framed_request>(&next)) {
    one.at = stage::working;
    self->configure_read(one.handle, io::receive_policy::at_most(waiting_chunk_bytes));
    one.deadline = clock::now() + options.deferred_timeout;
    waiting_calls.push_back({one.id, one.peer, std::move(*request), std::nullopt});
    dispatch();
  } else if (one.framer.take_expectation()) {
    send(one, "HTTP/1.1 100 Continue\r\n\r\n");
  }
}

void http_broker_state::dispatch() {
  while (!waiting_calls.empty() && !idle_workers.empty()) {
    auto call = std::move(waiting_calls.front());
    waiting_calls.pop_front();
    if (find(call.connection) == nullptr) continue;  // gone meanwhile
    auto worker = std::move(idle_workers.back());
    idle_workers.pop_back();
    self->send(worker, std::move(call));
  }
}

void http_broker_state::on_sent(io::connection_handle handle, uint64_t remaining_bytes) {
  auto* one = find(handle);
  if (one == nullptr || remaining_bytes > 0 || !std::exchange(one->unsent, false)) return;
  if (one->at == stage::closing)
    end_sending(*one);
  else if (one->at == stage::sending)
    send_more(*one);
  else if (one->at == stage::streaming && one->deadline != clock::time_point::max())
    feed(*one);
}

void http_broker_state::on_gone(io::connection_handle handle) {
  if (auto found = ids.find(handle); found != ids.end()) forget(found->second);
}

void http_broker_state::on_result(const caf::actor& worker, http_result& result) {
  idle_workers.push_back(worker);
  dispatch();  // first: whatever becomes of this answer, the worker is not kept from others
  if (auto* one = find(result.connection);
      one != nullptr && (one->at == stage::working || one->at == stage::sending))
    std::visit([&](auto& what) { answer(*one, what); }, result.outcome);
}

void http_broker_state::answer(connection& one, plain_answer& what) {
  if (what.rest) acknowledge_writes(one, true);  // the next piece is read when this one is sent
  if (!send(one, what.bytes)) return;
  if (what.rest) {
    one.at = stage::sending;
    one.rest = std::move(what.rest);
    one.closes = what.close;
    one.deadline = clock::now() + options.unacknowledged_timeout;
  } else if (what.close) {
    finish(one);
  } else {
    read_next(one);
  }
}

void http_broker_state::send_more(connection& one) {
  one.deadline = clock::now() + options.unacknowledged_timeout;
  if (one.rest->offset < one.rest->end) {
    waiting_calls.push_back({one.id, {}, {}, one.rest});
    dispatch();
    return;
  }
  one.rest.reset();
  if (one.closes) {
    finish(one);
    return;
  }
  acknowledge_writes(one, false);
  read_next(one);
}

void http_broker_state::answer(connection& one, piece_answer& what) {
  if (what.bytes.empty()) {  // the length was told already: all that is left is to break off
    drop(one.id);
    return;
  }
  one.rest->offset += what.bytes.size();
  send(one, what.bytes);
}

void http_broker_state::read_next(connection& one) {
  one.at = stage::reading;
  self->configure_read(one.handle, io::receive_policy::at_most(request_chunk_bytes));
  one.deadline = clock::now() + (one.framer.idle() ? options.idle_timeout : options.header_timeout);
  if (!one.framer.idle()) pump(one);
}

void http_broker_state::answer(connection& one, stream_answer& what) {
  if (streams.size() >= options.max_event_streams) {
    failure_answer full{std::move(what.head), what.chunked,
                        make_failure("Too many people are watching launches here. Try again in a "
                                     "minute.",
                                     503)};
    answer(one, full);
    return;
  }
  auto from = streams.begin(what.launch, what.resume, clock::now());
  if (from.launch_id.empty()) {
    plain_answer nothing_more{answer_text(204, security_fields(), "", "", false, true), true};
    answer(one, nothing_more);
  } else if (rate_limit && what.counted && from.launch_id == what.launch.launch_id) {
    count(one, what);
  } else {
    open_stream(one, what, from);
  }
}

void http_broker_state::count(connection& one, stream_answer& what) {
  one.deadline = clock::now() + options.deferred_timeout + options.closing_timeout;
  auto kept = std::make_shared<stream_answer>(std::move(what));
  self->request(rate_limit, options.deferred_timeout, count_atom::value, kept->launch.client_ip)
      .then(
          [this, id = one.id, kept](const rate_count& counted) { on_counted(id, *kept, counted); },
          [this, id = one.id, kept](const caf::error&) {
            auto* asker = find(id);
            if (asker == nullptr || asker->at != stage::working) return;
            failure_answer failed{std::move(kept->head), kept->chunked,
                                  make_failure("This launch could not be counted against the "
                                               "rate limit. Try again in a minute.",
                                               503)};
            answer(*asker, failed);
          });
}

void http_broker_state::on_counted(uint64_t connection, stream_answer& what,
                                   const rate_count& counted) {
  auto* one = find(connection);
  if (one == nullptr || one->at != stage::working) return;
  what.head.insert(what.head.size() - std::string_view{"\r\n"}.size(), rate_limit_fields(counted));
  if (counted.admitted)
    return open_stream(*one, what, streams.begin(what.launch, std::nullopt, clock::now()));
  failure_answer over{std::move(what.head), what.chunked,
                      make_failure("Rate limit exceeded. Try again in " +
                                       std::to_string(counted.seconds_left) + " seconds.",
                                   429)};
  answer(*one, over);
}

void http_broker_state::open_stream(connection& one, const stream_answer& what,
                                    const event_streams::beginning& from) {
  one.framer.release();
  if (!send(one, what.head)) return;
  one.at = stage::streaming;
  one.deadline = clock::time_point::max();
  one.chunked = what.chunked;
  streams.open(one.id, from, what.launch, clock::now());
  auto launch = what.launch;
  launch.launch_id = from.launch_id;
  if (!from.joined)
    self->send(desk, launch_atom::value, launch, as_sink());
  else if (from.missing && streams.ask(launch.launch_id))
    ask_record(launch);
  streams.hold(one.id);
  feed(one);
}

void http_broker_state::ask_record(const launch_request& launch) {
  // The desk tells a new sink the whole record. This actor is one sink for all its connections: it
  // asks again for the record and leaves its second place at once.
  self->request(desk, caf::infinite, launch_atom::value, launch, as_sink())
      .then(
          [this, launch] {
            if (streams.came(launch.launch_id)) ask_record(launch);
          },
          [](const caf::error&) {});  // on_desk_down tells
  self->send(desk, leave_atom::value, launch.launch_id, as_sink());
}

bool http_broker_state::tell(connection& one, std::string_view bytes, phase what) {
  bool last = what == phase::ready || what == phase::failed;
  if (last) acknowledge_writes(one, true);  // from now on it matters whether all is sent
  if (!send(one, bytes)) return false;
  if (what == phase::failed) {
    finish(one);
    return false;
  }
  if (last || self->wr_buf(one.handle).size() < options.stream_portion_bytes) return true;
  streams.hold(one.id);
  acknowledge_writes(one, true);
  one.deadline = clock::now() + options.slow_reader_timeout;
  return false;
}

void http_broker_state::feed(connection& one) {
  bool last = false;
  while (auto next = streams.next(one.id, clock::now())) {
    last = next->event.last();
    auto text = event_text(next->launch_id, next->event);
    if (!tell(one, one.chunked ? chunk_of(text) : text, next->event.what)) return;
  }
  one.deadline = clock::time_point::max();
  if (!last) acknowledge_writes(one, false);
}

void http_broker_state::acknowledge_writes(connection& one, bool wished) {
  if (std::exchange(one.acknowledged, wished) != wished) self->ack_writes(one.handle, wished);
}

void http_broker_state::answer(connection& one, failure_answer& what) {
  one.chunked = one.chunked || what.chunked;
  auto text = event_text(what.failure);
  if (send(one, what.head + (one.chunked ? chunk_of(text) : text))) finish(one);
}

void http_broker_state::answer(connection& one, health_answer& what) {
  one.deadline = clock::now() + options.deferred_timeout + options.closing_timeout;
  auto reply = [this, id = one.id, what](int status, const std::string& json) {
    auto* asker = find(id);
    if (asker == nullptr || asker->at != stage::working) return;
    plain_answer text{answer_text(status, what.fields, "application/json; charset=utf-8", json,
                                  what.with_body, what.close),
                      what.close};
    answer(*asker, text);
  };
  self->request(health, options.deferred_timeout, check_atom::value)
      .then([reply](const health_report& report) { reply(report.ok ? 200 : 503, report.json); },
            [reply](const caf::error&) { reply(503, R"({"checks": [], "ok": false})"); });
}

void http_broker_state::answer(connection& one, login_question& what) {
  one.deadline = clock::now() + options.deferred_timeout + options.closing_timeout;
  auto call = std::make_shared<http_call>(std::move(what.call));
  auto go_on = [this, call](login_word said) {
    auto* asker = find(call->connection);
    if (asker == nullptr || asker->at != stage::working) return;
    call->login = std::move(said);
    waiting_calls.push_back(std::move(*call));
    dispatch();
  };
  auto failed = [go_on](const caf::error& why) { go_on({why, {}}); };
  if (what.code.empty())
    self->request(login, options.deferred_timeout, check_atom::value, what.token, what.session)
        .then(
            [go_on](const hub_identity& who) {
              go_on({{}, {{}, who}});
            },
            failed);
  else
    self->request(login, options.deferred_timeout, create_atom::value, what.code)
        .then(
            [go_on](const hub_login& done) {
              go_on({{}, done});
            },
            failed);
}

void http_broker_state::on_event(const std::string& launch_id, const stream_event& event) {
  auto deliveries = streams.on_event(launch_id, event, clock::now());
  if (deliveries.empty()) return;
  auto text = event_text(launch_id, event);
  auto chunk = chunk_of(text);
  for (const auto& to : deliveries) {
    auto* one = find(to.connection);
    if (one == nullptr) continue;
    tell(*one, one->chunked ? chunk : text, event.what);
  }
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

void http_broker_state::expire(connection& one) {
  if (one.at == stage::streaming) ++totals.slow_readers;
  if (one.at == stage::reading && !one.framer.idle())
    refuse(one, 408, "The request did not arrive in time.");
  else if (one.at == stage::working)
    refuse(one, 503, "The answer was not ready in time.");
  else
    drop(one.id);
}

void http_broker_state::refuse(connection& one, int status, std::string_view reason) {
  if (send(one, refusal_text(status, status == 503 ? retry_soon : "", reason))) finish(one);
}

bool http_broker_state::send(connection& one, std::string_view bytes) {
  auto& unsent = self->wr_buf(one.handle);
  if (unsent.size() + bytes.size() > options.max_unsent_bytes) {
    ++totals.slow_readers;
    drop(one.id);
    return false;
  }
  if (unsent.empty()) {  // else the largest burst would stay with every stream
    std::vector<char>{}.swap(unsent);
    unsent.reserve(bytes.size());
  }
  unsent.insert(unsent.end(), bytes.begin(), bytes.end());
  one.unsent = true;
  self->flush(one.handle);
  return true;
}

void http_broker_state::finish(connection& one) {
  // Who is behind has a portion to take, as before.
  bool behind = one.at == stage::streaming && one.deadline != clock::time_point::max();
  if (std::exchange(one.chunked, false) && !send(one, last_chunk)) return;
  if (one.at == stage::streaming)
    if (auto launch_id = streams.leave(one.id, clock::now()))
      self->send(desk, leave_atom::value, *launch_id, as_sink());
  one.at = stage::closing;
  one.framer.release();
  one.deadline = clock::now() + (behind ? options.slow_reader_timeout : options.closing_timeout);
  acknowledge_writes(one, true);
  if (!one.unsent) end_sending(one);
}

void http_broker_state::end_sending(connection& one) {
  // The client closes its side when it has read everything; closing ours before that, with bytes
  // of the client still unread, would reset the connection and take the answer from it.
  if (!std::exchange(one.half_closed, true)) ::shutdown(fd_of(one.handle), SHUT_WR);
}

void http_broker_state::drop(uint64_t id) {
  auto* one = find(id);
  if (one == nullptr) return;
  auto handle = one->handle;
  forget(id);
  ::shutdown(fd_of(handle), SHUT_RDWR);  // else CAF waits for the client to read what is unsent
  self->close(handle);
}

void http_broker_state::forget(uint64_t id) {
  auto found = connections.find(id);
  if (found == connections.end()) return;
  if (found->second.refused) --refusing;
  ids.erase(found->second.handle);
  connections.erase(found);
  if (auto launch_id = streams.leave(id, clock::now()))
    self->send(desk, leave_atom::value, *launch_id, as_sink());
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

void http_broker_state::on_desk_down(const caf::down_msg& down) {
  if (down.source != desk.address()) return;
  for (auto id : streams.waiting()) {
    auto* one = find(id);
    if (one == nullptr) continue;
    failure_answer gone{"", one->chunked,
                        make_failure("This node stopped serving launches. Try again.", 503)};
    answer(*one, gone);
  }
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
