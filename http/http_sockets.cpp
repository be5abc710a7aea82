/// The HTTP actor's sockets: what comes in, what goes out, and who is sent away.
#include <algorithm>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

#include <caf/io/middleman.hpp>

#include "http/answer_text.hpp"
#include "http/event_text.hpp"
#include "http/http_broker.hpp"

namespace bindery {

namespace {

namespace io = caf::io;

constexpr size_t request_chunk_bytes = 2048;
/// While nothing is expected from the client; all but this is given back (10,000 streams have as
/// many buffers).
constexpr size_t waiting_chunk_bytes = 128;
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

void http_broker_state::read_next(connection& one) {
  one.at = stage::reading;
  self->configure_read(one.handle, io::receive_policy::at_most(request_chunk_bytes));
  one.deadline = clock::now() + (one.framer.idle() ? options.idle_timeout : options.header_timeout);
  if (!one.framer.idle()) pump(one);
}

void http_broker_state::acknowledge_writes(connection& one, bool wished) {
  if (std::exchange(one.acknowledged, wished) != wished) self->ack_writes(one.handle, wished);
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

}  // namespace bindery
