#include "tests/unit/actors/virtual_time.hpp"

#include <chrono>
#include <vector>

#include <caf/typed_event_based_actor.hpp>

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

using tick_atom = caf::atom_constant<caf::atom("tick")>;
using get_atom = caf::atom_constant<caf::atom("get")>;
using ticker_actor =
    caf::typed_actor<caf::reacts_to<tick_atom>, caf::replies_to<get_atom>::with<int>,
                     caf::replies_to<get_atom, int>::with<void>>;

struct ticker_state {
  int ticks = 0;
};

ticker_actor::behavior_type ticker(ticker_actor::stateful_pointer<ticker_state> self) {
  self->delayed_send(ticker_actor{self}, 10s, tick_atom::value);
  return {
      [self](tick_atom) {
        ++self->state.ticks;
        self->delayed_send(ticker_actor{self}, 10s, tick_atom::value);
      },
      [self](get_atom) { return self->state.ticks; },
      [](get_atom, int) -> caf::result<void> { return make_error(errc::forbidden, "not you"); },
  };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(virtual_time_fixture, virtual_time)

BOOST_AUTO_TEST_CASE(one_long_advance_meets_every_timeout_on_the_way) {
  auto actor = spawn(ticker);
  advance(9'999ms);
  BOOST_TEST(*ask<int>(actor, get_atom::value)->value == 0);
  advance(1ms);
  BOOST_TEST(*ask<int>(actor, get_atom::value)->value == 1);
  advance(95s);
  BOOST_TEST(*ask<int>(actor, get_atom::value)->value == 10);
  BOOST_TEST((state_of<ticker_state, ticker_actor::base>(actor).ticks) == 10);
}

BOOST_AUTO_TEST_CASE(an_answer_is_a_value_or_an_error) {
  auto actor = spawn(ticker);
  auto refused = ask<void>(actor, get_atom::value, 1);
  BOOST_TEST(!refused->value);
  BOOST_CHECK(refused->code() == errc::forbidden);
  BOOST_TEST(refused->words() == "not you");
}

BOOST_AUTO_TEST_CASE(an_asker_of_an_ended_actor_hears_of_it) {
  auto actor = spawn(ticker);
  drain();
  end(actor);
  BOOST_TEST(alive() == 0u);
  BOOST_TEST(ask<int>(actor, get_atom::value)->done());
}

BOOST_AUTO_TEST_SUITE_END()
