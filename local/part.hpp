#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"
#include "local/part_log.hpp"

namespace bindery {

/// Keeps one part of the distribution running: a child process, started again where it ends.
using part_actor = process_sink_actor::extend<
    // Answers once it serves. Errors: process_failed with the log's last words, timeout, cancelled.
    caf::replies_to<wait_atom>::with<void>,
    // Who waits for it wants no more and hears `cancelled`; the part goes on.
    caf::reacts_to<leave_atom>,
    // Ends the process group for good and answers when it is gone; then the actor ends.
    caf::replies_to<stop_atom>::with<void>,
    // From itself, of the process with this number: the pause before it is over, start it.
    caf::reacts_to<start_atom, uint64_t>,
    // From itself: ask it whether it serves.
    caf::reacts_to<check_atom, uint64_t>,
    // From itself: it had time enough to begin to serve.
    caf::reacts_to<end_atom, uint64_t>>;

/// How a part shows that it serves. With neither, it serves as soon as it runs.
struct part_readiness {
  /// Asked until the answer is 2xx or 3xx.
  std::optional<http_request> request;
  /// A line of output that contains this; "" for none.
  std::string line;
  std::chrono::milliseconds deadline{30'000};
};

/// When a part that ended is started again.
struct restart_policy {
  std::chrono::milliseconds first_pause{500};  ///< doubles with each further quick end
  std::chrono::milliseconds longest_pause{10'000};
  /// A process that ran so long begins a new count.
  std::chrono::milliseconds stable_after{30'000};
  /// So many quick ends in a row, and it is given up.
  uint32_t quick_ends = 4;
};

struct part_options {
  std::string name;  ///< for people: `registry`
  process_spec process;
  part_readiness readiness;
  restart_policy restart;
  std::string log_file;
  uint64_t max_log_bytes = 4 * 1024 * 1024;
  /// Called before each start of the process; must be quick.
  std::function<void()> before_start;
  /// A line for people: it ended and is started again.
  std::function<void(const std::string&)> say;
  /// It is given up; called once.
  std::function<void(const caf::error&)> on_failure;
};

struct part_state {
  static inline const char* name = "part";

  explicit part_state(part_actor::pointer selfptr) : self(selfptr) {}
  /// Whoever still waits hears `shutting_down`.
  ~part_state();
  part_state(const part_state&) = delete;
  part_state& operator=(const part_state&) = delete;

  part_actor::behavior_type make_behavior();

  caf::result<void> wait();
  void leave();
  caf::result<void> stop();
  void start_process(uint64_t number);
  void probe(uint64_t number);
  void on_late(uint64_t number);
  void on_line(const std::string& line);
  void on_end(const process_exit& end);
  void give_up(const caf::error& why);

  enum class stage { pausing, starting, serving, stopping, failed };

  part_actor::pointer self;
  part_options options;
  process_runner_actor runner;
  http_client_actor http;
  std::optional<part_log> log;

  stage now = stage::pausing;
  uint64_t life = 0;    ///< number of the current process; what concerns another one is stale
  uint64_t ticket = 0;  ///< the runner's name for it; 0 while there is none
  bool alive = false;
  bool served_ever = false;
  bool late = false;
  uint32_t quick_ends = 0;
  caf::actor_clock::time_point started;
  caf::error failure;
  std::vector<caf::response_promise> waiting;
  std::vector<caf::response_promise> stopping;

 private:
  void serve();
  void end_process();
  void finish_stop();
  void answer_waiting(const caf::error& why);
  std::string last_words() const;
};

/// Starts the process at once. `runner` and `http` must outlive the part.
part_actor::behavior_type part(part_actor::stateful_pointer<part_state> self, part_options options,
                               process_runner_actor runner, http_client_actor http);

}  // namespace bindery
