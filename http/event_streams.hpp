#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "http/exchange.hpp"

namespace bindery {

/// Which connection watches which launch, and what each still has to be told. No I/O: the HTTP
/// actor sends. Connections are numbers of the HTTP actor's own.
class event_streams {
 public:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;

  struct options {
    std::chrono::milliseconds keepalive_interval;
    std::chrono::milliseconds linger;
    std::chrono::milliseconds rejoin_window;  ///< since the launch's end
    std::chrono::milliseconds return_window;  ///< since the last watcher left
  };

  explicit event_streams(options opts) : options_(opts) {}

  /// How a new stream begins.
  struct beginning {
    /// The launch to watch: the client's earlier one where it can be joined again. Empty where the
    /// client saw all of it already and must stop asking.
    std::string launch_id;
    /// The client has seen the events up to this one.
    uint64_t seen = 0;
    /// Another connection watches it already.
    bool joined = false;
    /// It is `joined`, and of what the client has not seen something is not kept here: the desk
    /// must tell it again.
    bool missing = false;
  };

  /// Decides what a client that asks for `launch` watches. `resume` is where it says it was.
  beginning begin(const launch_request& launch, const std::optional<resume_point>& resume,
                  time_point now) const;

  /// The connection watches from now on.
  void open(uint64_t connection, const beginning& from, const launch_request& launch,
            time_point now);

  /// One delivery of `event` to `connection`.
  struct delivery {
    uint64_t connection;
    bool last;
  };
  /// To whom an event of a launch must be sent now, each exactly once and in order.
  std::vector<delivery> on_event(const std::string& launch_id, const stream_event& event,
                                 time_point now);

  /// The connection cannot take more for now: what comes for it is kept until `next` gives it.
  void hold(uint64_t connection);

  /// An event that was kept for a held connection. Valid until the next call of anything here.
  struct kept {
    const std::string& launch_id;
    const stream_event& event;
  };
  /// What the held connection must be sent next. Nothing where it has all that came: then it is
  /// held no longer.
  std::optional<kept> next(uint64_t connection, time_point now);

  /// The desk must be asked to tell the launch's record again. False where it is just telling it;
  /// then `came` says that it must be asked once more. So one record at most is on its way,
  /// however many join.
  bool ask(const std::string& launch_id);
  /// The desk has told the record that `ask` was about. True where it must be asked again.
  bool came(const std::string& launch_id);

  /// The connection is gone. The launch that nobody watches any more, if so.
  std::optional<std::string> leave(uint64_t connection, time_point now);

  /// What is due.
  struct due {
    std::vector<uint64_t> keepalives;
    std::vector<uint64_t> lingered;  ///< to be closed
  };
  due tick(time_point now);

  /// Everyone who still waits for more events.
  std::vector<uint64_t> waiting() const;
  size_t size() const { return streams_.size(); }

 private:
  struct ending {
    uint64_t last_number;
    time_point at;
  };
  struct topic {
    std::string asked_for;
    std::optional<ending> end;
    std::vector<uint64_t> watchers;
    /// By number, what came and somebody still has to be told; one copy for all who lag behind.
    std::map<uint64_t, stream_event> backlog;
    uint64_t newest = 0;  ///< the highest number that came
    bool asked = false;   ///< the desk is telling the record
    bool ask_again = false;
  };
  struct stream {
    std::unordered_map<std::string, topic>::value_type* of;
    uint64_t seen;
    time_point next_keepalive;
    time_point close_at;  ///< `time_point::max()` until the launch is ready
    bool done = false;
    bool held = false;
  };
  /// A launch that ended not long ago.
  struct ended {
    std::string asked_for;
    ending end;
  };
  /// A launch that goes on for a while although nobody watches it.
  struct left {
    std::string asked_for;
    time_point at;
  };
  static std::string asked_for(const launch_request& launch);
  /// How a launch that was asked for in these words ended; null where that is not known.
  const ending* end_of(const std::string& launch_id, const std::string& words) const;
  /// Remembers the end of a launch, in place of the oldest where they are too many.
  void remember(const std::string& launch_id, const topic& of);
  void forget_oldest();
  /// Something after `seen` came and is not in the backlog any more.
  static bool lacks(const topic& of, uint64_t seen);
  void tell(stream& one, const stream_event& event, time_point now) const;
  /// Forgets what everybody was told.
  void prune(topic& of) const;

  options options_;
  std::unordered_map<std::string, topic> topics_;  ///< by launch id
  std::unordered_map<uint64_t, stream> streams_;   ///< by connection
  std::unordered_map<std::string, ended> ended_;   ///< by launch id
  std::deque<std::string> ended_ids_;              ///< of `ended_`, the oldest first
  std::unordered_map<std::string, left> left_;     ///< by launch id
};

}  // namespace bindery
