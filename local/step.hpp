#pragma once

#include <functional>
#include <string>

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/interfaces.hpp"

namespace bindery {

/// Runs one program to its end, such as a script that prepares something, and tells its progress.
using step_actor = process_sink_actor::extend<
    // Its standard output without the last line break. Then the actor ends. Errors: process_failed
    // with its last words, cancelled.
    caf::replies_to<run_atom>::with<std::string>,
    // End it early.
    caf::reacts_to<stop_atom>>;

struct step_options {
  std::string name;  ///< for people: what it does, as in `Cannot <name>`
  process_spec process;
  /// Each line of its standard error.
  std::function<void(const std::string&)> say;
};

struct step_state {
  static inline const char* name = "step";

  explicit step_state(step_actor::pointer selfptr) : self(selfptr) {}
  /// Who still waits hears `shutting_down`.
  ~step_state();
  step_state(const step_state&) = delete;
  step_state& operator=(const step_state&) = delete;

  step_actor::behavior_type make_behavior();

  caf::result<std::string> run();
  void on_line(int32_t from, const std::string& line);
  void on_end(const process_exit& end);
  void finish(const caf::error& why);
  void stop();

  step_actor::pointer self;
  step_options options;
  process_runner_actor runner;
  caf::response_promise done;
  uint64_t ticket = 0;
  bool stopped = false;
  std::string output;
  std::string last_words;
};

step_actor::behavior_type step(step_actor::stateful_pointer<step_state> self, step_options options,
                               process_runner_actor runner);

}  // namespace bindery
