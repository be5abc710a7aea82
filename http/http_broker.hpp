#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <caf/io/broker.hpp>
#include <caf/stateful_actor.hpp>

#include "http/event_streams.hpp"
#include "http/exchange.hpp"
#include "http/http_server.hpp"
#include "http/request_framer.hpp"

namespace bindery {

using http_done_atom = caf::atom_constant<caf::atom("httpdone")>;
using http_stop_atom = caf::atom_constant<caf::atom("httpstop")>;
using http_tick_atom = caf::atom_constant<caf::atom("httptick")>;
using http_counts_atom = caf::atom_constant<caf::atom("httpcount")>;

/// The HTTP actor: owns every client's socket. Frames requests, has workers answer them, keeps
/// event streams (it is their launches' `launch_sink_actor`), and ends whoever is too slow. One
/// state in four files: `http_broker.cpp` has its life, `http_sockets.cpp` what comes in and goes
/// out, `http_workers.cpp` requests and their answers, `http_streams.cpp` event streams.
struct http_broker_state {
  static inline const char* name = "http";
  using self_pointer = caf::stateful_actor<http_broker_state, caf::io::broker>*;
  using clock = std::chrono::steady_clock;

  explicit http_broker_state(self_pointer selfptr);

  void start(http_options opts, launch_desk_actor desk_handle, health_actor health_handle,
             login_actor login_handle, rate_limit_actor rate_limit_handle,
             std::vector<caf::actor> workers);
  caf::behavior make_behavior();

  // What happens, in the order of make_behavior().
  void listen(int fd);
  void on_connection(caf::io::connection_handle handle);
  void on_bytes(caf::io::connection_handle handle, std::vector<char>& bytes);
  void on_sent(caf::io::connection_handle handle, uint64_t remaining_bytes);
  void on_gone(caf::io::connection_handle handle);
  void on_result(const caf::actor& worker, http_result& result);
  void on_event(const std::string& launch_id, const stream_event& event);
  void on_tick();
  http_counts counts() const;
  void begin_stop();
  /// Ends, with `why` where nobody asked for it.
  void stop(caf::error why = {});
  void on_desk_down(const caf::down_msg& down);

  enum class stage : uint8_t {
    reading,    ///< waits for a whole request
    working,    ///< its request is with a worker or the health actor
    sending,    ///< is sent an answer piece by piece
    streaming,  ///< an event stream
    closing,    ///< is sent its last bytes
  };
  struct connection {
    uint64_t id = 0;
    caf::io::connection_handle handle;
    stage at = stage::reading;
    bool refused = false;
    bool unsent = false;  ///< valid while writes are acknowledged: something waits to be sent
    bool acknowledged = false;
    bool half_closed = false;
    bool closes = false;            ///< after `rest`
    std::optional<late_body> rest;  ///< while `sending`
    bool chunked = false;           ///< an event stream in chunks whose last one was not sent yet
    /// While `streaming`, until when the client must have taken what it was sent; `max()` where it
    /// keeps up.
    clock::time_point deadline;
    std::string peer;
    request_framer framer;
  };

  void pump(connection& one);
  void dispatch();
  void answer(connection& one, plain_answer& what);
  void answer(connection& one, stream_answer& what);
  void answer(connection& one, failure_answer& what);
  /// Counts the launch of `what` before it begins.
  void count(connection& one, stream_answer& what);
  void on_counted(uint64_t connection, stream_answer& what, const rate_count& counted);
  void open_stream(connection& one, const stream_answer& what,
                   const event_streams::beginning& from);
  void answer(connection& one, health_answer& what);
  void answer(connection& one, piece_answer& what);
  /// Has a worker read the next piece, or ends the answer after the last one.
  void send_more(connection& one);
  /// The answer is complete: waits for the next request.
  void read_next(connection& one);
  void answer(connection& one, login_question& what);
  void answer(connection& one, estimate_question& what);
  void answer(connection& one, preview_question& what);
  /// Has a worker take a request again that was a question, if its client is still there.
  void take_again(http_call call);
  /// Has the desk tell the record of a launch again that this actor watches already.
  void ask_record(const launch_request& launch);
  /// Sends an event. False where the client must not be sent the next one now.
  bool tell(connection& one, std::string_view bytes, phase what);
  /// Sends what was kept for an event stream while it was behind.
  void feed(connection& one);
  void acknowledge_writes(connection& one, bool wished);
  void tick_later();
  void expire(connection& one);
  void refuse(connection& one, int status, std::string_view reason);
  /// Queues bytes. False where the client was dropped for reading too slowly.
  bool send(connection& one, std::string_view bytes);
  /// Ends the connection once the client has got everything.
  void finish(connection& one);
  void end_sending(connection& one);
  /// Ends the connection now, whatever is unsent.
  void drop(uint64_t id);
  void forget(uint64_t id);
  connection* find(uint64_t id);
  connection* find(caf::io::connection_handle handle);
  launch_sink_actor as_sink() const;

  self_pointer self;
  http_options options;
  launch_desk_actor desk;
  health_actor health;
  login_actor login;            ///< null where nobody has to log in
  rate_limit_actor rate_limit;  ///< null: nobody is counted
  std::vector<caf::actor> idle_workers;
  std::vector<caf::actor> all_workers;
  std::deque<http_call> waiting_calls;
  size_t cap = 0;       ///< one more connection is told to try again
  size_t hard_cap = 0;  ///< one more is closed at once
  size_t refusing = 0;
  http_counts totals;
  uint64_t next_id = 1;
  bool stopping = false;
  event_streams streams;
  std::unordered_map<uint64_t, connection> connections;
  std::unordered_map<caf::io::connection_handle, uint64_t> ids;
};

/// See `start_http`.
caf::behavior http_broker(http_broker_state::self_pointer self, http_options options,
                          launch_desk_actor desk, health_actor health, login_actor login,
                          rate_limit_actor rate_limit, std::vector<caf::actor> workers);

}  // namespace bindery
