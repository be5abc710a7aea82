#include "http/http_server.hpp"

#include <filesystem>
#include <iterator>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "http_world.hpp"
#include "runtime/error.hpp"
#include "socket_client.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

/// Files and sockets this process holds.
auto open_files() {
  std::filesystem::directory_iterator all{"/proc/self/fd"};
  return std::distance(begin(all), end(all));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_server_suite)

BOOST_AUTO_TEST_CASE(split_and_pipelined_requests_are_answered_in_order) {
  http_world world;
  socket_client client{world.port()};
  auto bytes = get("/versions") + get("/api/repoproviders") + get("/metrics") + get("/nowhere");
  for (char c : bytes) BOOST_REQUIRE(client.send(std::string(1, c)));
  BOOST_TEST(client.take_answer().find(R"({"binderhub":"1"})") != std::string::npos);
  BOOST_TEST(client.take_answer().find("GitHub") != std::string::npos);
  BOOST_TEST(client.take_answer().find("a_metric 1") != std::string::npos);
  BOOST_TEST(status_of(client.take_answer()) == 404);
  BOOST_REQUIRE(client.send(bytes + get("/versions", "Connection: close\r\n")));
  for (int i = 0; i < 4; ++i) BOOST_TEST(status_of(client.take_answer()) != 0);
  BOOST_TEST(field_of(client.take_answer(), "Connection") == "close");
  BOOST_TEST(client.read_to_end());
  BOOST_TEST(!client.was_reset());
}

BOOST_AUTO_TEST_CASE(malformed_and_oversized_requests_get_their_status_and_the_end) {
  http_world world;
  auto status = [&](const std::string& bytes) {
    socket_client client{world.port()};
    client.send(bytes);
    BOOST_TEST(client.read_to_end());
    BOOST_TEST(!client.was_reset());
    return status_of(client.received());
  };
  BOOST_TEST(status("nonsense\r\n\r\n") == 400);
  BOOST_TEST(status("GET / HTTP/1.1\nHost: a\n\n") == 400);
  BOOST_TEST(status(get("/", "Content-Length: 1\r\nContent-Length: 2\r\n")) == 400);
  BOOST_TEST(status("GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n") == 400);
  BOOST_TEST(status("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
             411);
  BOOST_TEST(status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n" +
                    std::string(70000, 'x')) == 413);
  BOOST_TEST(status(get("/" + std::string(9000, 'a'))) == 414);
  BOOST_TEST(status(get("/", "X: " + std::string(40000, 'a') + "\r\n")) == 431);
  BOOST_TEST(status("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") == 405);
  BOOST_TEST(status(get("/versions", "Connection: close\r\n")) == 200);
  for (const auto& value : {std::string(9000, 'a'), std::string(5000, '%')})
    BOOST_TEST(status(get("/versions", "Connection: close\r\nCookie: " + value + "\r\n")) == 200);
}

BOOST_AUTO_TEST_CASE(a_slow_request_is_ended_and_a_silent_connection_closed) {
  auto options = http_world::quick();
  options.header_timeout = 150ms;
  options.idle_timeout = 150ms;
  http_world world{options};
  socket_client slow{world.port()}, silent{world.port()}, idle{world.port()};
  BOOST_REQUIRE(slow.send("GET / HTTP/1.1\r\nHost:"));
  BOOST_REQUIRE(idle.send(get("/versions")));
  BOOST_TEST(slow.read_to_end());
  BOOST_TEST(status_of(slow.received()) == 408);
  BOOST_TEST(silent.read_to_end());
  BOOST_TEST(silent.received().empty());
  BOOST_TEST(status_of(idle.take_answer()) == 200);
  BOOST_TEST(idle.read_to_end());
  BOOST_TEST(idle.received().empty());
}

BOOST_AUTO_TEST_CASE(health_is_asked_of_its_actor_and_has_a_deadline) {
  auto options = http_world::quick();
  options.deferred_timeout = 200ms;
  http_world world{options};
  socket_client client{world.port()};
  client.send(get("/health"));
  auto answer = client.take_answer();
  BOOST_TEST(status_of(answer) == 200);
  BOOST_TEST(answer.find(R"({"ok":true})") != std::string::npos);
  *world.healthy = false;
  client.send("HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n");
  answer = client.take_answer(false);
  BOOST_TEST(status_of(answer) == 503);
  BOOST_TEST(field_of(answer, "Content-Length") == "12");
  *world.health_hangs = true;
  client.send(get("/health", "Connection: close\r\n") + get("/versions"));
  BOOST_TEST(status_of(client.take_answer()) == 503);
  BOOST_TEST(client.read_to_end());
  BOOST_TEST(client.received().empty());
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_named) {
  http_world world;
  auto options = http_world::quick();
  options.port = world.port();
  site place;
  place.desk = world.desk;
  place.health = world.health;
  place.metrics_text = [] { return std::string{}; };
  place.make_launch_id = [] { return std::string(16, 'a'); };
  auto second = start_http(*world.system, options, place);
  BOOST_REQUIRE(!second);
  BOOST_TEST((code_of(second.error()) == errc::io_failed));
  auto text = describe(second.error());
  BOOST_TEST(text.find("127.0.0.1:" + std::to_string(world.port())) != std::string::npos);
  BOOST_TEST(text.find("in use") != std::string::npos);
  place.base_url = "hub";
  BOOST_TEST((code_of(start_http(*world.system, http_world::quick(), place).error()) ==
              errc::bad_settings));
}

BOOST_AUTO_TEST_CASE(stopping_closes_everything_and_frees_the_port) {
  http_world world;
  auto port = world.port();
  socket_client client{port}, stream{port};
  client.send(get("/versions"));
  BOOST_TEST(status_of(client.take_answer()) == 200);
  stream.send(get("/build/gh/a/b/c", "Accept: text/event-stream\r\n"));
  BOOST_TEST(stream.read_until("\r\n\r\n"));
  world.server->stop();
  world.server->stop();
  BOOST_TEST(client.read_to_end());
  BOOST_TEST(stream.read_to_end());
  BOOST_TEST(!socket_client{port}.connected());
  BOOST_TEST(!world.server->counts());
}

BOOST_AUTO_TEST_CASE(a_server_that_is_stopped_at_once_keeps_no_socket) {
  auto start_and_stop = [] { http_world world; };
  start_and_stop();
  auto before = open_files();
  for (int i = 0; i < 20; ++i) start_and_stop();
  BOOST_TEST(open_files() == before);
}

BOOST_AUTO_TEST_SUITE_END()
