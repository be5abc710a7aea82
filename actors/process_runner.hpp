#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"
#include "runtime/process/process_engine.hpp"

namespace bindery {

struct process_runner_state {
  static inline const char* name = "process_runner";

  explicit process_runner_state(process_runner_actor::pointer selfptr) : self(selfptr) {}
  ~process_runner_state();

  process_runner_actor::behavior_type make_behavior();

  caf::result<process_result> run(process_spec spec);
  uint64_t start(process_spec spec, const process_sink_actor& sink);
  void stop(uint64_t ticket);
  void on_line(uint64_t ticket, int32_t from, std::string line);
  void consumed(uint64_t ticket, size_t bytes);
  void on_end(uint64_t ticket, const process_exit& end);
  void on_failure(uint64_t ticket, const caf::error& why);
  void on_down(const caf::down_msg& down);

  struct job {
    process_sink_actor sink;     ///< of `start`
    caf::response_promise done;  ///< of `run`
    process_result result;
    uint64_t max_output_bytes = 0;
    size_t unasked = 0;  ///< cost of lines since the last one whose sink is to answer
  };
  process_listener listener_for(uint64_t key);

  process_runner_actor::pointer self;
  std::shared_ptr<process_engine> engine;
  std::unordered_map<uint64_t, job> jobs;  ///< by our own ticket
  std::unordered_map<uint64_t, uint64_t> engine_tickets;
  uint64_t last_ticket = 0;
};

/// Runs children on `engine`. When it ends, so do they. Lines count as consumed when their sink has
/// answered the last of them, so a sink that passes lines on slowly slows its child down.
process_runner_actor::behavior_type process_runner(
    process_runner_actor::stateful_pointer<process_runner_state> self,
    std::shared_ptr<process_engine> engine);

}  // namespace bindery
