#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

#include "actors/messages.hpp"
#include "runtime/error.hpp"

namespace bindery::test {

/// What became of a request: nothing yet, a value, or an error.
template <class T>
struct asked {
  using value_type = std::conditional_t<std::is_void_v<T>, caf::unit_t, T>;
  std::optional<value_type> value;
  std::optional<caf::error> error;

  bool done() const { return value || error; }
  /// The error's code; `errc::none` while there is none.
  errc code() const { return error ? code_of(*error) : errc::none; }
  /// The error's words; "" while there is none.
  std::string words() const { return error ? describe(*error) : std::string{}; }
  /// The same as clients are told.
  std::string client_words() const { return error ? describe_for_clients(*error) : std::string{}; }
};

/// An actor system whose time stands still until a test moves it, and whose actors run only inside
/// `drain` and `advance`, on the test's own thread.
///
/// On destruction every actor made by `spawn` is killed; one that is still alive then was left
/// behind by its parent, and fails the test.
struct virtual_time {
  virtual_time() {
    config.set("scheduler.policy", caf::atom("testing"));
    register_messages(config);
    system = std::make_unique<caf::actor_system>(config);
    scheduler = &dynamic_cast<caf::scheduler::test_coordinator&>(system->scheduler());
  }

  virtual_time(const virtual_time&) = delete;
  virtual_time& operator=(const virtual_time&) = delete;

  ~virtual_time() {
    end_all();
    BOOST_CHECK_MESSAGE(system->registry().running() == 0, system->registry().running()
                                                               << " actors were left behind");
    system->await_actors_before_shutdown(false);
    system.reset();
  }

  /// Ends every actor made by `spawn`. A fixture whose actors refer to its own members calls this
  /// in its destructor, while they are still there.
  void end_all() {
    for (const auto& address : spawned)
      if (auto actor = caf::actor_cast<caf::strong_actor_ptr>(address))
        caf::anon_send_exit(caf::actor_cast<caf::actor>(actor), caf::exit_reason::kill);
    drain();
  }

  /// Handles every message that is there, and what follows from it at this instant.
  void drain() {
    while (scheduler->try_run_once()) {
    }
  }

  /// Moves the time on, stopping at every timeout on the way as real time would.
  void advance(std::chrono::nanoseconds by) {
    drain();
    auto& clock = scheduler->clock();
    auto end = clock.current_time + by;
    while (clock.has_pending_timeout() && next_timeout(clock) <= end) {
      auto step = next_timeout(clock) - clock.current_time;
      clock.advance_time(std::max(step, decltype(step){0}));
      drain();
    }
    if (clock.current_time < end) clock.advance_time(end - clock.current_time);
    drain();
  }

  /// Spawns an actor that ends with the fixture.
  template <class... Args>
  auto spawn(Args&&... args) {
    auto actor = system->spawn(std::forward<Args>(args)...);
    spawned.push_back(actor.address());
    return actor;
  }

  template <class Actor, class... Args>
  auto spawn_class(Args&&... args) {
    auto actor = system->spawn<Actor>(std::forward<Args>(args)...);
    spawned.push_back(actor.address());
    return actor;
  }

  /// Sends a request and drains. The answer, which may come only after `advance`, shows in the
  /// returned object: `auto there = ask<bool>(registry, exists_atom::value, image);`
  template <class T, class Handle, class... Args>
  std::shared_ptr<asked<T>> ask(const Handle& to, Args&&... args) {
    auto answer = std::make_shared<asked<T>>();
    askers.push_back(system->spawn([answer, to, args...](caf::event_based_actor* self) {
      auto failed = [answer](const caf::error& err) { answer->error = err; };
      auto pending = self->request(to, caf::infinite, args...);
      if constexpr (std::is_void_v<T>)
        pending.then([answer] { answer->value = caf::unit; }, failed);
      else
        pending.then([answer](const T& value) { answer->value = value; }, failed);
    }));
    spawned.push_back(askers.back().address());
    drain();
    return answer;
  }

  /// Sends a message from nobody and drains.
  template <class Handle, class... Args>
  void tell(const Handle& to, Args&&... args) {
    caf::anon_send(to, std::forward<Args>(args)...);
    drain();
  }

  /// Ends an actor as its owner would and drains.
  template <class Handle>
  void end(const Handle& actor, caf::exit_reason why = caf::exit_reason::user_shutdown) {
    caf::anon_send_exit(actor, why);
    drain();
  }

  /// The state of an actor made by a function over `stateful_pointer<State>`. Only while it lives.
  template <class State, class Actor, class Handle>
  static State& state_of(const Handle& actor) {
    return dynamic_cast<caf::stateful_actor<State, Actor>&>(
               *caf::actor_cast<caf::abstract_actor*>(actor))
        .state;
  }

  /// The actor object behind a handle.
  template <class T, class Handle>
  static T& deref(const Handle& actor) {
    return dynamic_cast<T&>(*caf::actor_cast<caf::abstract_actor*>(actor));
  }

  /// Actors that have not ended.
  size_t alive() const { return system->registry().running(); }

  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;
  caf::scheduler::test_coordinator* scheduler = nullptr;
  std::vector<caf::actor_addr> spawned;
  std::vector<caf::actor> askers;

 private:
  using clock_base = caf::detail::simple_actor_clock;

  /// CAF 0.17 tells whether a timeout is pending, but not when.
  struct schedule_reader : clock_base {
    static time_point first(const clock_base& clock) {
      return (clock.*(&schedule_reader::schedule_)).begin()->first;
    }
  };

  static clock_base::time_point next_timeout(const clock_base& clock) {
    return schedule_reader::first(clock);
  }
};

}  // namespace bindery::test
