// Clients of a launch that has told more than fits a connection's buffer.
#include <future>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/launch_desk.hpp"
#include "http_world.hpp"
#include "socket_client.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

/// With `usual_bytes` each, together more than 2 MB.
constexpr uint64_t many = 10'000;
constexpr size_t usual_bytes = 200;
const std::string launch_id = "aaaaaaaaaaaaaaa1";

/// Tells the desk what the test tells it.
launch_supervisor_actor::behavior_type scripted_supervisor(launch_supervisor_actor::pointer self,
                                                           const launch_sink_actor& desk) {
  return {[](wait_atom) {}, [](start_atom) {}, [](run_atom) {},
          [self](leave_atom) { self->quit(); },
          [self, desk](event_atom, const std::string& id, const stream_event& event) {
            self->send(desk, event_atom::value, id, event);
          }};
}

/// A server with a real desk, and one launch there that says what the test has it say.
struct real_desk_world {
  explicit real_desk_world(http_options options = http_world::quick())
      : world(std::move(options), [this](site& place) {
          auto& system = place.desk->home_system();
          desk = system.spawn(
              launch_desk, launch_desk_options{},
              supervisor_spawner{[this, &system](const launch_request&, launch_sink_actor sink) {
                auto started = system.spawn(scripted_supervisor, sink);
                launched.set_value(started);
                return started;
              }},
              runner_worker_actor{});
          place.desk = desk;
        }) {}
  ~real_desk_world() {
    world.server.reset();
    caf::anon_send_exit(supervisor, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(desk, caf::exit_reason::user_shutdown);
    supervisor = nullptr;
    desk = nullptr;
  }

  /// Has the launch say events up to `last`, each with `bytes` of text.
  void say(uint64_t last, size_t bytes = usual_bytes) {
    if (!supervisor) {
      auto coming = launched.get_future();
      BOOST_REQUIRE((coming.wait_for(20s) == std::future_status::ready));
      supervisor = coming.get();
    }
    while (said < last) tell(make_event(phase::building, std::string(bytes, '.')));
  }
  void end() { tell(make_event(phase::failed, "the end")); }
  void ready() { tell(make_event(phase::ready, "here it is")); }

 private:
  void tell(stream_event event) {
    event.number = ++said;
    caf::anon_send(supervisor, event_atom::value, launch_id, event);
  }

  std::promise<launch_supervisor_actor> launched;
  launch_supervisor_actor supervisor;
  launch_desk_actor desk;
  uint64_t said = 0;

 public:
  http_world world;  // last: it fills the others
};

/// Of HTTP/1.0, so that there are no chunks to take away.
std::string watch(const std::string& more_fields = "") {
  return old_get("/build/gh/a/b/c", "Accept: text/event-stream\r\n" + more_fields);
}

std::string watch_after(uint64_t number) {
  return watch("Last-Event-ID: " + launch_id + "." + std::to_string(number) + "\r\n");
}

std::string id_line(uint64_t number) {
  return "id: " + launch_id + "." + std::to_string(number) + "\n";
}

/// Says that a client was told the events from `first` to `last`, each once and in order.
void check_told(const socket_client& client, uint64_t first, uint64_t last) {
  const auto& text = client.received();
  auto next = first;
  for (size_t at = 0; (at = text.find("id: ", at)) != std::string::npos; ++at, ++next)
    BOOST_REQUIRE_MESSAGE(text.compare(at, id_line(next).size(), id_line(next)) == 0,
                          text.substr(at, 30) << " instead of event " << next);
  BOOST_TEST(next == last + 1);
}

/// Has the launch say many events as fast as the client reads them.
void say_at_its_pace(real_desk_world& one, socket_client& client) {
  for (uint64_t number = 100; number <= many; number += 100) {
    one.say(number);
    BOOST_REQUIRE(client.read_until(id_line(number)));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(long_records)

BOOST_AUTO_TEST_CASE(who_joins_a_long_launch_that_somebody_watches_is_told_all_of_it) {
  real_desk_world one;
  socket_client first{one.world.port()}, second{one.world.port()}, third{one.world.port()};
  first.send(watch());
  say_at_its_pace(one, first);
  second.send(watch_after(0));
  BOOST_TEST(second.read_until(id_line(many)));
  third.send(watch_after(many / 2));
  BOOST_TEST(third.read_until(id_line(many)));
  one.end();
  for (auto* client : {&first, &second, &third}) BOOST_TEST(client->read_to_end());
  check_told(first, 1, many + 1);
  check_told(second, 1, many + 1);
  check_told(third, many / 2 + 1, many + 1);
  BOOST_TEST(one.world.counts().slow_readers == 0U);
}

BOOST_AUTO_TEST_CASE(who_comes_back_to_a_long_launch_that_nobody_watched_is_told_all_of_it) {
  real_desk_world one;
  socket_client first{one.world.port()}, again{one.world.port()};
  first.send(watch());
  say_at_its_pace(one, first);
  first.close();
  one.world.await_counts([](const http_counts& now) { return now.event_streams == 0; });
  again.send(watch_after(3));
  BOOST_TEST(again.read_until(id_line(many)));
  one.end();
  BOOST_TEST(again.read_to_end());
  check_told(again, 4, many + 1);
  BOOST_TEST(one.world.counts().slow_readers == 0U);
}

BOOST_AUTO_TEST_CASE(many_who_join_at_once_while_more_is_said_and_after_the_end_are_told_all) {
  real_desk_world one;
  socket_client first{one.world.port()};
  first.send(watch());
  say_at_its_pace(one, first);
  std::vector<socket_client> late;
  for (uint64_t i = 0; i < 30; ++i) {
    late.emplace_back(one.world.port());
    late.back().send(watch_after(i * 100));
  }
  one.world.await_counts([](const http_counts& now) { return now.event_streams == 31; });
  one.say(many + 1000);
  one.end();
  BOOST_TEST(first.read_to_end());
  check_told(first, 1, many + 1001);
  for (uint64_t i = 30; i < 40; ++i) {
    late.emplace_back(one.world.port());
    late.back().send(watch_after(i * 100));
  }
  for (uint64_t i = 0; i < 40; ++i) {
    BOOST_TEST(late[i].read_to_end());
    check_told(late[i], i * 100 + 1, many + 1001);
  }
  BOOST_TEST(one.world.counts().slow_readers == 0U);
}

BOOST_AUTO_TEST_CASE(a_launch_may_say_more_at_once_than_its_client_reads) {
  real_desk_world one;
  socket_client client{one.world.port(), 4096};
  client.send(watch());
  one.say(many);
  one.end();
  BOOST_TEST(client.read_to_end());
  check_told(client, 1, many + 1);
}

BOOST_AUTO_TEST_CASE(who_reads_nothing_is_dropped_however_little_that_costs) {
  auto options = http_world::quick();
  options.slow_reader_timeout = 1s;
  real_desk_world one{options};
  socket_client stuck{one.world.port(), 4096}, reader{one.world.port()};
  stuck.send(watch());
  one.say(1000, 20'000);  // more than sockets hold
  one.world.await_counts([](const http_counts& now) { return now.slow_readers == 1; });
  one.world.await_counts([](const http_counts& now) { return now.event_streams == 0; });
  one.end();
  reader.send(watch_after(0));
  BOOST_TEST(reader.read_to_end());
  check_told(reader, 1, 1001);
  BOOST_TEST(one.world.counts().slow_readers == 1U);
}

BOOST_AUTO_TEST_CASE(who_catches_up_with_the_server_ready_lingers_and_is_kept_alive) {
  auto options = http_world::quick();
  options.stream_linger = 1s;
  options.keepalive_interval = 100ms;
  real_desk_world one{options};
  socket_client client{one.world.port(), 4096};
  client.send(watch());
  one.say(many);
  one.ready();
  BOOST_TEST(client.read_until(id_line(many + 1)));
  BOOST_TEST(client.read_until("\"phase\":\"ready\"}\n\n:keepalive\n\n"));
  BOOST_TEST(client.read_to_end());
  BOOST_TEST(!client.was_reset());
  check_told(client, 1, many + 1);
}

BOOST_AUTO_TEST_SUITE_END()
