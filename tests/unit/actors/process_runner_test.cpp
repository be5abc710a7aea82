#include "actors/process_runner.hpp"

#include "process_world.hpp"

using namespace bindery;
using namespace bindery::test;

BOOST_FIXTURE_TEST_SUITE(process_runners, process_world)

BOOST_AUTO_TEST_CASE(a_sink_is_asked_for_an_answer_once_for_many_lines) {
  constexpr size_t lines = 40'000;
  struct seen {
    size_t lines = 0, asked = 0;
    std::string last;
    std::promise<void> ended;
  };
  auto all = std::make_shared<seen>();
  auto sink =
      system().spawn([all](process_sink_actor::pointer self) -> process_sink_actor::behavior_type {
        return {
            [all, self](line_atom, uint64_t, int32_t, std::string& line) {
              ++all->lines;
              if (self->current_mailbox_element()->mid.is_request()) ++all->asked;
              all->last = std::move(line);
            },
            [all](end_atom, uint64_t, const process_exit&) { all->ended.set_value(); },
            [all](end_atom, uint64_t, const caf::error&) { all->ended.set_value(); },
        };
      });
  process_spec spec;
  spec.program =
      script("flood", "yes . | head -n " + std::to_string(lines - 1) + "; echo the last word");
  BOOST_REQUIRE(ask<uint64_t>(system(), runner(), start_atom::value, spec, sink));
  BOOST_REQUIRE(all->ended.get_future().wait_for(std::chrono::seconds{60}) ==
                std::future_status::ready);
  BOOST_TEST(all->lines == lines);
  BOOST_TEST(all->last == "the last word");
  BOOST_TEST(all->asked > 0U);
  BOOST_TEST(all->asked < lines / 100);
  caf::anon_send_exit(sink, caf::exit_reason::user_shutdown);
}

BOOST_AUTO_TEST_SUITE_END()
