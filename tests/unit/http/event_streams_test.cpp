#include "http/event_streams.hpp"

#include <boost/test/unit_test.hpp>

#include "http/event_text.hpp"

using namespace bindery;
using namespace std::chrono_literals;

namespace {

using time_point = event_streams::time_point;

event_streams make_streams() {
  return event_streams{{25s, 60s, 50s, 7s}};
}

launch_request launch_of(const std::string& id, const std::string& spec = "a/b/c") {
  launch_request launch;
  launch.launch_id = id;
  launch.provider = "gh";
  launch.spec = spec;
  return launch;
}

stream_event event(uint64_t number, phase what = phase::building) {
  auto result = make_event(what, "x");
  result.number = number;
  return result;
}

const std::string id = "aaaaaaaaaaaaaaa1";

}  // namespace

BOOST_AUTO_TEST_SUITE(event_streams_suite)

BOOST_AUTO_TEST_CASE(events_have_exactly_the_contracts_bytes) {
  stream_event one{7, phase::built, R"({"phase":"built"})"};
  BOOST_TEST(event_text(id, one) == "id: " + id + ".7\ndata: {\"phase\":\"built\"}\n\n");
  BOOST_TEST(event_text(one) == "data: {\"phase\":\"built\"}\n\n");
}

BOOST_AUTO_TEST_CASE(only_our_event_ids_are_read) {
  auto point = read_event_id(id + ".12");
  BOOST_REQUIRE(point);
  BOOST_TEST(point->launch_id == id);
  BOOST_TEST(point->number == 12u);
  for (std::string bad : {"", "x", "aaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaa1.", "aaaaaaaaaaaaaaa1.-1",
                          "aaaaaaaaaaaaaaa1.1 ", "AAAAAAAAAAAAAAA1.1", "aaaaaaaaaaaaaaaa1.1",
                          "aaaaaaaaaaaaaaa1.99999999999999999999999"})
    BOOST_TEST(!read_event_id(bad));
}

BOOST_AUTO_TEST_CASE(who_has_seen_the_end_waits_for_nothing) {
  auto streams = make_streams();
  time_point now{};
  for (uint64_t connection : {1, 2}) {
    auto launch = launch_of(connection == 1 ? id : "aaaaaaaaaaaaaaa2");
    streams.open(connection, streams.begin(launch, {}, now), launch, now);
  }
  streams.on_event(id, event(1, phase::ready), now);
  BOOST_TEST(streams.waiting() == std::vector<uint64_t>{2}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_who_joins_late_gets_the_record_once_and_in_order) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  BOOST_TEST(streams.on_event(id, event(1), now).size() == 1u);
  auto joining = streams.begin(launch, resume_point{id, 0}, now);
  BOOST_TEST(joining.joined);
  streams.open(2, joining, launch, now);
  auto second = streams.on_event(id, event(2), now);  // news before the record: not for 2
  BOOST_REQUIRE(second.size() == 1u);
  BOOST_TEST(second[0].connection == 1u);
  for (uint64_t number : {1, 2}) {  // the record, asked for again: not for 1
    auto again = streams.on_event(id, event(number), now);
    BOOST_REQUIRE(again.size() == 1u);
    BOOST_TEST(again[0].connection == 2u);
  }
  BOOST_TEST(streams.on_event(id, event(3, phase::ready), now).size() == 2u);
  BOOST_TEST(streams.on_event(id, event(3, phase::ready), now).empty());
}

BOOST_AUTO_TEST_CASE(the_last_event_does_not_overtake_the_record) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  for (uint64_t number : {1, 2, 3}) streams.on_event(id, event(number), now);
  streams.open(2, streams.begin(launch, resume_point{id, 1}, now), launch, now);
  auto ready = streams.on_event(id, event(4, phase::ready), now);
  BOOST_REQUIRE(ready.size() == 1u);
  BOOST_TEST(ready[0].connection == 1u);
  for (uint64_t number : {1, 2, 3, 4}) {  // the record
    auto again =
        streams.on_event(id, event(number, number == 4 ? phase::ready : phase::building), now);
    BOOST_TEST(again.size() == (number == 1 ? 0u : 1u));
  }
  BOOST_TEST(streams.waiting().empty());
}

BOOST_AUTO_TEST_CASE(what_comes_for_a_held_connection_is_kept_until_it_takes_it) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  for (uint64_t connection : {1, 2})
    streams.open(connection, streams.begin(launch, resume_point{id, 0}, now), launch, now);
  BOOST_TEST(streams.on_event(id, event(1), now).size() == 2u);
  streams.hold(2);
  for (uint64_t number : {2, 3, 4}) {
    auto told =
        streams.on_event(id, event(number, number == 4 ? phase::ready : phase::building), now);
    BOOST_REQUIRE(told.size() == 1u);
    BOOST_TEST(told[0].connection == 1u);
  }
  for (uint64_t number : {2, 3, 4}) {
    auto next = streams.next(2, now);
    BOOST_REQUIRE(next);
    BOOST_TEST(next->launch_id == id);
    BOOST_TEST(next->event.number == number);
  }
  BOOST_TEST(!streams.next(2, now));
  BOOST_TEST(streams.waiting().empty());
  BOOST_TEST(streams.tick(now + 59s).lingered.empty());
  BOOST_TEST(streams.tick(now + 60s).lingered.size() == 2u);
}

BOOST_AUTO_TEST_CASE(who_has_caught_up_is_told_news_at_once_again) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  streams.hold(1);
  BOOST_TEST(streams.on_event(id, event(1), now).empty());
  BOOST_TEST(streams.next(1, now).has_value());
  BOOST_TEST(streams.on_event(id, event(2), now).empty());  // still held
  BOOST_TEST(streams.next(1, now).has_value());
  BOOST_TEST(!streams.next(1, now));
  BOOST_TEST(streams.on_event(id, event(3), now).size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_desk_is_asked_only_for_what_is_not_kept_and_once_at_a_time) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  auto missing = [&](uint64_t seen) {
    auto from = streams.begin(launch, resume_point{id, seen}, now);
    BOOST_TEST(from.joined);
    return from.missing;
  };
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  BOOST_TEST(!missing(0));
  streams.on_event(id, event(1), now);
  streams.hold(1);
  for (uint64_t number : {2, 3, 4}) streams.on_event(id, event(number), now);
  BOOST_TEST(missing(0));
  BOOST_TEST(!missing(1));
  BOOST_TEST(!missing(4));
  BOOST_TEST(streams.next(1, now).has_value());
  streams.tick(now);  // forgets what everybody has
  BOOST_TEST(missing(1));
  BOOST_TEST(!missing(2));
  BOOST_TEST(streams.ask(id));
  BOOST_TEST(!streams.ask(id));
  BOOST_TEST(!streams.ask(id));
  BOOST_TEST(streams.came(id));
  BOOST_TEST(!streams.came(id));
  BOOST_TEST(streams.ask(id));
  streams.leave(1, now);
  BOOST_TEST(!streams.came(id));
}

BOOST_AUTO_TEST_CASE(the_desk_is_not_asked_for_a_launch_that_it_has_forgotten) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  streams.on_event(id, event(1), now);
  streams.hold(1);  // so slow that the launch ended long ago
  streams.on_event(id, event(2), now);
  streams.on_event(id, event(3, phase::failed), now);
  auto other = launch_of("bbbbbbbbbbbbbbb1");
  BOOST_TEST(streams.begin(other, resume_point{id, 0}, now + 49s).launch_id == id);
  BOOST_TEST(streams.begin(other, resume_point{id, 1}, now + 50s).launch_id == id);
  BOOST_TEST(streams.begin(other, resume_point{id, 0}, now + 50s).launch_id == other.launch_id);
}

BOOST_AUTO_TEST_CASE(who_saw_the_end_is_not_told_it_again_while_others_watch) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  streams.on_event(id, event(1), now);
  streams.on_event(id, event(2, phase::ready), now);
  BOOST_TEST(streams.begin(launch_of("bbbbbbbbbbbbbbb1"), resume_point{id, 2}, now).launch_id ==
             "");
  auto missed_it = streams.begin(launch_of("bbbbbbbbbbbbbbb1"), resume_point{id, 1}, now);
  BOOST_TEST(missed_it.launch_id == id);
  BOOST_TEST(missed_it.joined);
}

BOOST_AUTO_TEST_CASE(a_client_that_claims_to_have_seen_more_is_told_the_end) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  streams.open(2, streams.begin(launch, resume_point{id, 1'000'000}, now), launch, now);
  BOOST_TEST(streams.on_event(id, event(1, phase::ready), now).size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_last_watcher_ends_the_watching) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  streams.open(2, streams.begin(launch, resume_point{id, 0}, now), launch, now);
  BOOST_TEST(!streams.leave(1, now));
  BOOST_TEST((streams.leave(2, now) == id));
  BOOST_TEST(!streams.leave(2, now));
  BOOST_TEST(streams.size() == 0u);
  BOOST_TEST(streams.on_event(id, event(1), now).empty());
}

BOOST_AUTO_TEST_CASE(a_client_that_comes_back_joins_only_its_own_launch) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  auto fresh = launch_of("bbbbbbbbbbbbbbb1");
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  BOOST_TEST(streams.begin(fresh, resume_point{id, 4}, now).launch_id == id);
  auto other = launch_of("ccccccccccccccc1", "x/y/z");
  BOOST_TEST(streams.begin(other, resume_point{id, 4}, now).launch_id == other.launch_id);
  streams.on_event(id, event(1, phase::ready), now);
  streams.leave(1, now);
  BOOST_TEST(streams.begin(fresh, resume_point{id, 0}, now + 10s).launch_id == id);
  BOOST_TEST(streams.begin(fresh, resume_point{id, 0}, now + 51s).launch_id == fresh.launch_id);
  // It saw the end: it must not launch again.
  BOOST_TEST(streams.begin(fresh, resume_point{id, 1}, now + 51s).launch_id.empty());
}

BOOST_AUTO_TEST_CASE(of_many_ended_launches_the_oldest_are_forgotten) {
  auto streams = make_streams();
  time_point now{};
  constexpr size_t many = 10'001;
  auto nth_id = [](size_t number) {
    auto digits = std::to_string(number);
    return std::string(16 - digits.size(), 'e') + digits;
  };
  for (size_t i = 0; i < many; ++i) {
    auto launch = launch_of(nth_id(i));
    streams.open(1, streams.begin(launch, {}, now), launch, now);
    streams.on_event(launch.launch_id, event(1, phase::ready), now);
    streams.leave(1, now);
  }
  auto fresh = launch_of("bbbbbbbbbbbbbbb1");
  auto begun = [&](size_t number, uint64_t seen) {
    return streams.begin(fresh, resume_point{nth_id(number), seen}, now).launch_id;
  };
  BOOST_TEST(begun(many - 1, 1).empty());
  BOOST_TEST(begun(many - 1, 0) == nth_id(many - 1));
  BOOST_TEST(begun(1, 1).empty());
  BOOST_TEST(begun(0, 1) == fresh.launch_id);  // an ended launch does not go on
}

BOOST_AUTO_TEST_CASE(an_end_is_known_for_as_long_as_somebody_watches) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  streams.on_event(id, event(1), now);
  streams.on_event(id, event(2, phase::ready), now);
  now += 3000s;
  streams.tick(now);
  auto fresh = launch_of("bbbbbbbbbbbbbbb1");
  BOOST_TEST(streams.begin(fresh, resume_point{id, 2}, now).launch_id.empty());
  // The desk has forgotten what this one misses.
  BOOST_TEST(streams.begin(fresh, resume_point{id, 0}, now).launch_id == fresh.launch_id);
}

BOOST_AUTO_TEST_CASE(who_saw_the_end_is_told_to_stop_however_long_streams_linger) {
  event_streams streams{{25s, 3600s, 3600s, 7s}};
  time_point now{};
  auto launch = launch_of(id);
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  streams.on_event(id, event(1, phase::ready), now);
  BOOST_TEST(streams.tick(now += 3600s).lingered.size() == 1u);
  streams.leave(1, now);
  now += 60s;
  streams.tick(now);
  auto fresh = launch_of("bbbbbbbbbbbbbbb1");
  BOOST_TEST(streams.begin(fresh, resume_point{id, 1}, now).launch_id.empty());
}

BOOST_AUTO_TEST_CASE(a_launch_that_all_left_can_be_joined_for_a_while) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  auto fresh = launch_of("bbbbbbbbbbbbbbb1");
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  streams.on_event(id, event(1), now);
  streams.leave(1, now);
  auto other = launch_of("ccccccccccccccc1", "x/y/z");
  BOOST_TEST(streams.begin(other, resume_point{id, 1}, now).launch_id == other.launch_id);
  BOOST_TEST(streams.begin(fresh, resume_point{id, 1}, now + 7s).launch_id == fresh.launch_id);
  auto back = streams.begin(fresh, resume_point{id, 1}, now + 6s);
  BOOST_TEST(back.launch_id == id);
  BOOST_TEST(!back.joined);  // the desk was left and has to be asked again
  streams.open(2, back, fresh, now + 6s);
  BOOST_TEST(streams.on_event(id, event(1), now + 6s).empty());
  BOOST_TEST(streams.on_event(id, event(2), now + 6s).size() == 1u);
}

BOOST_AUTO_TEST_CASE(keepalive_and_linger_are_told_when_due) {
  auto streams = make_streams();
  time_point now{};
  auto launch = launch_of(id);
  streams.open(1, streams.begin(launch, {}, now), launch, now);
  BOOST_TEST(streams.tick(now + 24s).keepalives.empty());
  BOOST_TEST(streams.tick(now + 25s).keepalives.size() == 1u);
  BOOST_TEST(streams.tick(now + 26s).keepalives.empty());
  BOOST_TEST(streams.tick(now + 50s).keepalives.size() == 1u);
  streams.on_event(id, event(1, phase::ready), now + 50s);
  BOOST_TEST(streams.tick(now + 109s).lingered.empty());
  BOOST_TEST(streams.tick(now + 110s).lingered.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
