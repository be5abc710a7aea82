// Whose word counts where a launch has more than one supervisor.
#include "actors/launch_desk.hpp"

#include <caf/response_promise.hpp>

#include "tests/unit/actors/recorders.hpp"
#include "tests/unit/actors/virtual_time.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

/// A desk whose launches are placed by the test, on supervisors that say what the test has them
/// say.
struct desk_world : virtual_time {
  desk_world() {
    runner = spawn([this](runner_worker_actor::pointer self) -> runner_worker_actor::behavior_type {
      return {[this, self](run_atom, const launch_request& request,
                           const launch_sink_actor& to) -> caf::result<launch_supervisor_actor> {
        if (request.launch_id.empty()) {  // the test's bell
          placed.deliver(placement);
          return make_error(errc::internal);
        }
        desk_as_sink = to;
        placed = self->make_response_promise();
        return caf::delegated<launch_supervisor_actor>{};
      }};
    });
    desk = spawn(launch_desk, launch_desk_options{}, supervisor_spawner{}, runner);
    launch_request request;
    request.launch_id = "launch1";
    sink = spawn(recording_sink, seen);
    tell(desk, launch_atom::value, request, sink);
  }
  ~desk_world() { end_all(); }

  /// A supervisor; told an event, it reports it to the desk.
  launch_supervisor_actor supervisor(const std::string& name) {
    return spawn(
        [this,
         name](launch_supervisor_actor::pointer self) -> launch_supervisor_actor::behavior_type {
          return {[](wait_atom) {}, [](start_atom) {}, [](run_atom) {},
                  [this, name](leave_atom) { dismissed.push_back(name); },
                  [this, self](event_atom, const std::string&, const stream_event& event) {
                    self->send(desk_as_sink, event_atom::value, std::string{"launch1"}, event);
                  }};
        });
  }

  void reports(const launch_supervisor_actor& from, uint64_t number, phase what) {
    auto event = make_event(what, "from a supervisor");
    event.number = number;
    tell(from, event_atom::value, std::string{}, event);
  }

  /// The runner answers.
  void is_placed(caf::expected<launch_supervisor_actor> where) {
    placement = where ? caf::make_message(std::move(*where)) : caf::make_message(where.error());
    tell(runner, run_atom::value, launch_request{}, sink);
  }

  std::shared_ptr<recording> seen = std::make_shared<recording>();
  std::vector<std::string> dismissed;
  caf::response_promise placed;
  caf::message placement;
  runner_worker_actor runner;
  launch_sink_actor sink, desk_as_sink;
  launch_desk_actor desk;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(launch_desks)

BOOST_FIXTURE_TEST_CASE(only_the_adopted_supervisor_is_believed_and_the_other_is_dismissed,
                        desk_world) {
  auto lost = supervisor("lost"), adopted = supervisor("adopted");
  is_placed(adopted);
  reports(lost, 1, phase::waiting);
  reports(adopted, 1, phase::built);
  reports(lost, 2, phase::ready);
  BOOST_TEST(joined(seen->phases()) == "built");
  BOOST_TEST(joined(dismissed) == "lost lost");
}

BOOST_FIXTURE_TEST_CASE(what_is_reported_before_the_adoption_waits_for_it, desk_world) {
  auto lost = supervisor("lost"), adopted = supervisor("adopted");
  reports(lost, 1, phase::waiting);
  reports(adopted, 1, phase::built);
  reports(lost, 2, phase::failed);
  reports(adopted, 2, phase::launching);
  BOOST_TEST(seen->events.empty());
  is_placed(adopted);
  BOOST_TEST(joined(seen->phases()) == "built launching");
  BOOST_TEST(joined(dismissed) == "lost lost");
}

BOOST_FIXTURE_TEST_CASE(a_supervisor_may_end_before_its_start_is_known, desk_world) {
  auto adopted = supervisor("adopted");
  reports(adopted, 1, phase::built);
  reports(adopted, 2, phase::failed);
  end(adopted);
  is_placed(adopted);
  BOOST_TEST(joined(seen->phases()) == "built failed");
}

BOOST_FIXTURE_TEST_CASE(where_no_node_took_the_launch_late_supervisors_are_dismissed, desk_world) {
  auto early = supervisor("early"), late = supervisor("late");
  reports(early, 1, phase::waiting);
  is_placed(make_error(errc::unreachable, "No node could take this launch (tried 10.0.0.7:1)",
                       "No node could take this launch"));
  BOOST_TEST(seen->message(0) == "No node could take this launch\n");
  reports(late, 1, phase::ready);
  BOOST_TEST(joined(seen->phases()) == "failed");
  BOOST_TEST(joined(dismissed) == "early late");
}

BOOST_FIXTURE_TEST_CASE(a_supervisor_whose_launch_is_forgotten_is_dismissed, desk_world) {
  auto adopted = supervisor("adopted"), late = supervisor("late");
  is_placed(adopted);
  reports(adopted, 1, phase::failed);
  advance(61s);
  reports(late, 1, phase::built);
  BOOST_TEST(joined(seen->phases()) == "failed");
  BOOST_TEST(joined(dismissed) == "late");
}

BOOST_AUTO_TEST_SUITE_END()
