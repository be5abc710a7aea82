#include <algorithm>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <caf/send.hpp>

#include "actors/rate_limit.hpp"
#include "http/http_server.hpp"
#include "http_world.hpp"
#include "socket_client.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

std::string build(const std::string& spec, const std::string& more = "") {
  return get("/build/gh/" + spec, "Accept: text/event-stream\r\n" + more);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stream_server_suite)

BOOST_AUTO_TEST_CASE(a_launch_streams_to_its_end_and_lingers) {
  auto options = http_world::quick();
  options.stream_linger = 200ms;
  http_world world{options, [](site& place) { place.cors_allow_origin = "https://x.example"; }};
  socket_client client{world.port()};
  client.send(build("a/b/c%2Fd"));
  auto asked = world.asked->await(0);
  BOOST_TEST(asked.launch.spec == "a/b/c%2Fd");
  BOOST_TEST(asked.launch.client_ip == "127.0.0.1");
  BOOST_TEST(asked.launch.launch_host == "http://localhost/");
  BOOST_TEST(asked.launch.origin == "localhost");
  world.tell(asked, 1, phase::built, "one");
  BOOST_TEST(client.read_until("\"phase\":\"built\"}\n\n"));
  auto ready_at = std::chrono::steady_clock::now();
  world.tell(asked, 2, phase::ready, "two");
  BOOST_TEST(client.read_to_end());
  BOOST_TEST((std::chrono::steady_clock::now() - ready_at >= 200ms));
  BOOST_TEST(!client.was_reset());
  auto all = client.received();
  auto head_end = all.find("\r\n\r\n") + 4;
  BOOST_TEST(status_of(all) == 200);
  BOOST_TEST(field_of(all, "content-type") == "text/event-stream");
  BOOST_TEST(field_of(all, "cache-control") == "no-cache");
  BOOST_TEST(field_of(all, "access-control-allow-headers") == "cache-control");
  BOOST_TEST(field_of(all, "access-control-allow-origin") == "https://x.example");
  auto id = asked.launch.launch_id;
  BOOST_TEST(field_of(all, "transfer-encoding") == "chunked");
  BOOST_TEST(unchunked(all.substr(head_end)) ==
             "id: " + id + ".1\ndata: {\"message\":\"one\\n\",\"phase\":\"built\"}\n\n" +  //
                 "id: " + id + ".2\ndata: {\"message\":\"two\\n\",\"phase\":\"ready\"}\n\n");
  auto left = world.asked->await(1);
  BOOST_TEST(left.left);
  BOOST_TEST(left.launch.launch_id == id);
}

BOOST_AUTO_TEST_CASE(a_failure_is_delivered_whole_and_ends_at_once) {
  http_world world;
  socket_client client{world.port()};
  client.send(build("a/b/c") + std::string(3000, 'x'));  // bytes of the client stay unread
  auto asked = world.asked->await(0);
  world.tell(asked, 1, phase::failed, std::string(200'000, 'y'));
  BOOST_TEST(client.read_to_end());
  BOOST_TEST(!client.was_reset());
  auto all = client.received();
  auto events = unchunked(all.substr(all.find("\r\n\r\n") + 4));
  BOOST_TEST(events.size() > 200'000u);
  BOOST_TEST(events.substr(events.size() - 2) == "\n\n");
}

BOOST_AUTO_TEST_CASE(a_client_of_http_1_0_gets_no_chunks) {
  http_world world;
  socket_client client{world.port()}, refused{world.port()};
  client.send(old_get("/build/gh/a/b/c", "Accept: text/event-stream\r\n"));
  world.tell(world.asked->await(0), 1, phase::failed, "one");
  BOOST_TEST(client.read_to_end());
  refused.send(old_get("/build/gh/a/b/c"));
  BOOST_TEST(refused.read_to_end());
  for (const auto& all : {client.received(), refused.received()}) {
    BOOST_TEST(field_of(all, "transfer-encoding").empty());
    auto body = all.substr(all.find("\r\n\r\n") + 4);
    BOOST_TEST((body.starts_with("id: ") || body.starts_with("data: ")));
    BOOST_TEST(body.ends_with("}\n\n"));
  }
}

BOOST_AUTO_TEST_CASE(refusals_are_events_with_status_200) {
  http_world world;
  auto failure = [&](const std::string& request) {
    socket_client client{world.port()};
    client.send(request);
    BOOST_TEST(client.read_to_end());
    BOOST_TEST(status_of(client.received()) == 200);
    BOOST_TEST(client.received().find("\"phase\":\"failed\"") != std::string::npos);
    BOOST_TEST(client.received().find("\"status_code\":400") != std::string::npos);
  };
  failure(get("/build/gh/a/b/c"));
  failure(get("/build/gh/a/b/c", "Accept: */*\r\n"));
  failure(build("a/b/%0d%0aX"));
  failure(build("a/../b/c"));
  failure(build("a/b/c?build_only=true"));
  BOOST_TEST(world.asked->size() == 0u);
  socket_client client{world.port()};
  client.send(get("/build/gh/a/b/c", "Accept: text/event-stream, */*\r\n"));
  world.asked->await(0);
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_leaves_its_launch) {
  http_world world;
  socket_client client{world.port()};
  client.send(build("a/b/c"));
  auto asked = world.asked->await(0);
  client.close();
  auto left = world.asked->await(1);
  BOOST_TEST(left.left);
  BOOST_TEST(left.launch.launch_id == asked.launch.launch_id);
  BOOST_TEST((left.sink == asked.sink));
  world.await_counts([](const http_counts& now) { return now.connections == 0; });
}

BOOST_AUTO_TEST_CASE(a_bad_token_joins_a_launch_again_and_begins_none) {
  http_world world{http_world::quick(), [](site& place) {
                     auto made = build_tokens::make("00ff", {});
                     BOOST_REQUIRE(made);
                     place.tokens = std::make_shared<const build_tokens>(std::move(*made));
                   }};
  socket_client first{world.port()}, again{world.port()};
  first.send(build("a/b/c"));
  auto asked = world.asked->await(0);
  again.send(
      build("a/b/c?build_token=a.b.c", "Last-Event-ID: " + asked.launch.launch_id + ".0\r\n"));
  BOOST_TEST(again.read_until("\r\n\r\n"));
  world.tell(asked, 1, phase::built, "one");
  BOOST_TEST(again.read_until("one"));
  for (std::string id : {"aaaaaaaaaaaaaaa1.3", "0000000000000000.0"}) {
    socket_client stranger{world.port()};
    stranger.send(build("x/y/z?build_token=a.b.c", "Last-Event-ID: " + id + "\r\n"));
    BOOST_TEST(stranger.read_to_end());
    BOOST_TEST(status_of(stranger.received()) == 200);
    BOOST_TEST(stranger.received().find("\"status_code\":403") != std::string::npos);
  }
  BOOST_TEST(world.asked->size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_second_connection_joins_with_the_last_event_id) {
  http_world world;
  socket_client first{world.port()}, second{world.port()};
  first.send(build("a/b/c"));
  auto asked = world.asked->await(0);
  world.tell(asked, 1, phase::built, "one");
  BOOST_TEST(first.read_until("one"));
  second.send(build("a/b/c", "Last-Event-ID: " + asked.launch.launch_id + ".0\r\n"));
  auto again = world.asked->await(1);
  BOOST_TEST(again.launch.launch_id == asked.launch.launch_id);
  BOOST_TEST(world.asked->await(2).left);  // the second place with the desk
  world.tell(asked, 1, phase::built, "one");
  world.tell(asked, 2, phase::failed, "two");
  BOOST_TEST(first.read_to_end());
  BOOST_TEST(second.read_to_end());
  BOOST_TEST(second.received().find(".1\n") != std::string::npos);
  BOOST_TEST(second.received().find(".2\n") != std::string::npos);
  BOOST_TEST(first.received().find(".1\n") == first.received().rfind(".1\n"));
  world.asked->await(3);
  // It saw everything: no second launch.
  socket_client third{world.port()};
  third.send(build("a/b/c", "Last-Event-ID: " + asked.launch.launch_id + ".2\r\n"));
  BOOST_TEST(third.read_to_end());
  BOOST_TEST(status_of(third.received()) == 204);
  BOOST_TEST(world.asked->size() == 4u);
}

BOOST_AUTO_TEST_CASE(keepalives_come_in_their_interval) {
  auto options = http_world::quick();
  options.keepalive_interval = 100ms;
  http_world world{options};
  socket_client client{world.port()};
  auto start = std::chrono::steady_clock::now();
  client.send(build("a/b/c"));
  auto chunk = std::string{"c\r\n:keepalive\n\n\r\n"};
  BOOST_TEST(client.read_until(chunk + chunk + chunk));
  auto took = std::chrono::steady_clock::now() - start;
  BOOST_TEST((took >= 300ms));
  BOOST_TEST((took < 5s));
}

BOOST_AUTO_TEST_CASE(a_slow_reader_is_dropped_and_others_go_on) {
  auto options = http_world::quick();
  options.slow_reader_timeout = 100ms;
  http_world world{options};
  socket_client slow{world.port(), 4096}, good{world.port()};
  slow.send(build("slow/b/c"));
  auto slow_asked = world.asked->await(0);
  good.send(build("good/b/c"));
  auto good_asked = world.asked->await(1);
  uint64_t number = 0;
  auto deadline = std::chrono::steady_clock::now() + 20s;
  while (world.counts().slow_readers == 0) {
    BOOST_REQUIRE((std::chrono::steady_clock::now() < deadline));
    for (int i = 0; i < 20; ++i)
      world.tell(slow_asked, ++number, phase::building, std::string(20'000, 'x'));
  }
  auto left = world.asked->await(2);
  BOOST_TEST(left.left);
  BOOST_TEST(left.launch.launch_id == slow_asked.launch.launch_id);
  world.tell(good_asked, 1, phase::failed, "fine");
  BOOST_TEST(good.read_to_end());
  BOOST_TEST(good.received().find("fine") != std::string::npos);
  world.await_counts([](const http_counts& now) { return now.connections == 0; });
}

BOOST_AUTO_TEST_CASE(too_many_streams_and_a_dead_desk_are_told_as_events) {
  auto options = http_world::quick();
  options.max_event_streams = 1;
  http_world world{options};
  socket_client one{world.port()}, two{world.port()};
  one.send(build("a/b/c"));
  world.asked->await(0);
  two.send(build("a/b/c"));
  BOOST_TEST(two.read_to_end());
  BOOST_TEST(two.received().find("\"status_code\":503") != std::string::npos);
  caf::anon_send_exit(world.desk, caf::exit_reason::kill);
  BOOST_TEST(one.read_to_end());
  BOOST_TEST(one.received().find("\"phase\":\"failed\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(connections_beyond_the_cap_are_told_so_and_the_rest_is_served) {
  auto options = http_world::quick();
  options.max_connections = 20;
  http_world world{options};
  std::vector<socket_client> held;
  for (int i = 0; i < 20; ++i) {
    held.emplace_back(world.port());
    held.back().send(build("a/b/c" + std::to_string(i)));
  }
  world.await_counts([](const http_counts& now) { return now.event_streams == 20; });
  constexpr int beyond = 3000;
  std::vector<socket_client> refused;
  for (int i = 0; i < beyond; ++i) {
    refused.emplace_back(world.port());
    BOOST_REQUIRE(refused.back().connected());
  }
  int answered = 0;
  for (auto& client : refused) {
    BOOST_REQUIRE(client.read_to_end());
    answered +=
        status_of(client.received()) == 503 && !field_of(client.received(), "Retry-After").empty();
  }
  BOOST_TEST(answered == beyond);
  refused.clear();
  for (size_t i = 0; i < held.size(); ++i) {
    auto asked = world.asked->await(i);
    world.tell(asked, 1, phase::failed, "served");
  }
  for (auto& client : held) {
    BOOST_TEST(client.read_to_end());
    BOOST_TEST(client.received().find("served") != std::string::npos);
  }
  world.await_counts([](const http_counts& now) { return now.connections == 0; });
  socket_client after{world.port()};
  after.send(get("/versions"));
  BOOST_TEST(status_of(after.take_answer()) == 200);
  BOOST_TEST(world.counts().refused == beyond);
}

BOOST_AUTO_TEST_CASE(launches_over_the_rate_limit_are_refused_by_an_event) {
  rate_limit_options two;
  two.limit = 2;
  node_config config;
  caf::actor_system counters{config};
  auto counter = counters.spawn(rate_limit, two);
  {
    http_world world{http_world::quick(), [&](site& place) { place.rate_limit = counter; }};
    auto launch = [&](size_t number) {
      socket_client client{world.port()};
      client.send(build("a/b/HEAD"));
      world.tell(world.asked->await(number), 1, phase::failed, "enough");
      BOOST_TEST(client.read_to_end());
      world.asked->await(number + 1);  // it left
      return client.received();
    };
    auto first = launch(0);
    BOOST_TEST(field_of(first, "x-ratelimit-limit") == "2");
    BOOST_TEST(field_of(first, "x-ratelimit-remaining") == "1");
    BOOST_TEST(std::stoll(field_of(first, "x-ratelimit-reset")) > 1'700'000'000);
    BOOST_TEST(field_of(launch(2), "x-ratelimit-remaining") == "0");
    socket_client over{world.port()};
    over.send(build("a/b/HEAD", "X-Forwarded-For: \r\n"));
    BOOST_TEST(over.read_to_end());
    BOOST_TEST(status_of(over.received()) == 200);
    BOOST_TEST(field_of(over.received(), "x-ratelimit-remaining") == "0");
    BOOST_TEST(over.received().find("Rate limit exceeded. Try again in 3600 seconds.\\n") !=
               std::string::npos);
    BOOST_TEST(over.received().find("\"status_code\":429") != std::string::npos);
    // Whoever pretends to come back to a launch begins one.
    socket_client forged{world.port()};
    forged.send(build("a/b/HEAD", "Last-Event-ID: aaaaaaaaaaaaaaz9.3\r\n"));
    BOOST_TEST(forged.read_to_end());
    BOOST_TEST(forged.received().find("\"status_code\":429") != std::string::npos);
    BOOST_TEST(world.asked->size() == 4u);
  }
  caf::anon_send_exit(counter, caf::exit_reason::user_shutdown);
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_joined_again_is_not_counted) {
  rate_limit_options one;
  one.limit = 1;
  node_config config;
  caf::actor_system counters{config};
  auto counter = counters.spawn(rate_limit, one);
  {
    http_world world{http_world::quick(), [&](site& place) { place.rate_limit = counter; }};
    std::string id;
    {
      socket_client client{world.port()};
      client.send(build("a/b/HEAD"));
      auto asked = world.asked->await(0);
      id = asked.launch.launch_id;
      world.tell(asked, 1, phase::waiting, "one");
      BOOST_TEST(client.read_until("waiting"));
    }
    BOOST_TEST(world.asked->await(1).left);
    socket_client again{world.port()};
    again.send(build("a/b/HEAD", "Last-Event-ID: " + id + ".1\r\n"));
    auto asked = world.asked->await(2);
    BOOST_TEST(asked.launch.launch_id == id);
    world.tell(asked, 2, phase::failed, "two");
    BOOST_TEST(again.read_to_end());
    BOOST_TEST(again.received().find("two") != std::string::npos);
  }
  caf::anon_send_exit(counter, caf::exit_reason::user_shutdown);
}

BOOST_AUTO_TEST_SUITE_END()
