#include <future>
#include <memory>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/unit/runtime/curl_engine_world.hpp"

using namespace bindery;
using namespace bindery::test;

BOOST_FIXTURE_TEST_SUITE(curl_engine_deadlines, engine_fixture)

BOOST_AUTO_TEST_CASE(a_silent_upstream_meets_the_deadline) {
  scripted_server server{[](scripted_connection& peer) { peer.wait_until_closed(); }};
  auto request = request_to(server.url());
  request.timeout = 150ms;
  auto end = ask(request);
  BOOST_CHECK(code(end) == errc::timeout);
  BOOST_TEST(says(end, "no whole answer within 150 ms"));
}

BOOST_AUTO_TEST_CASE(a_dripping_upstream_meets_the_deadline) {
  scripted_server server{[](scripted_connection& peer) {
    peer.read_request();
    peer.begin_chunked();
    while (peer.send_chunk("x")) std::this_thread::yield();
  }};
  auto request = request_to(server.url());
  request.timeout = 200ms;
  request.idle_timeout = 100ms;
  request.max_body_bytes = 1ull << 40;
  auto started = start(request, true);
  BOOST_CHECK(code(started->wait()) == errc::timeout);
  BOOST_TEST(started->chunks.size() > 0u);
}

BOOST_AUTO_TEST_CASE(silence_in_a_stream_meets_the_idle_deadline) {
  scripted_server server{[](scripted_connection& peer) {
    peer.read_request();
    peer.begin_chunked();
    peer.send_chunk("data: 1\n\n");
    peer.wait_until_closed();
  }};
  auto request = request_to(server.url());
  request.idle_timeout = 100ms;
  auto started = start(request, true);
  auto end = started->wait();
  BOOST_CHECK(code(end) == errc::timeout);
  BOOST_TEST(says(end, "nothing came for 100 ms"));
  BOOST_TEST(started->chunks == "data: 1\n\n");
}

BOOST_AUTO_TEST_CASE(a_host_that_takes_no_connection_meets_the_connect_deadline) {
  // A listener with a full backlog answers no further SYN.
  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  BOOST_REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), length) == 0);
  BOOST_REQUIRE(::listen(fd, 0) == 0);
  BOOST_REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  std::vector<int> fillers;
  for (int i = 0; i < 4; ++i) {
    fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    static_cast<void>(::connect(fillers.back(), reinterpret_cast<sockaddr*>(&address), length));
  }
  auto request = request_to("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/");
  request.connect_timeout = 200ms;
  auto end = ask(request);
  BOOST_CHECK(code(end) == errc::unreachable);
  BOOST_TEST(says(end, "no connection within 200 ms"));
  for (int filler : fillers) ::close(filler);
  ::close(fd);
}

BOOST_AUTO_TEST_CASE(the_deadline_spans_all_redirects) {
  scripted_server server{[](scripted_connection& peer) {
    while (!peer.read_request().empty()) peer.answer(302, "", "Location: /again\r\n");
  }};
  auto request = request_to(server.url());
  request.max_redirects = 1'000'000;
  request.timeout = 200ms;
  BOOST_CHECK(code(ask(request)) == errc::timeout);
}

BOOST_AUTO_TEST_CASE(a_stuck_upstream_does_not_hold_up_others) {
  scripted_server stuck{[](scripted_connection& peer) { peer.wait_until_closed(); }};
  scripted_server lively{[](scripted_connection& peer) {
    while (!peer.read_request().empty()) peer.answer(200, "ok");
  }};
  std::vector<std::shared_ptr<record>> held;
  for (int i = 0; i < 100; ++i) held.push_back(start(request_to(stuck.url())));
  for (int i = 0; i < 100; ++i) BOOST_TEST(get(lively.url())->body == "ok");
  for (auto& one : held) engine->cancel(one->ticket);
  for (auto& one : held) BOOST_CHECK(code(one->wait()) == errc::cancelled);
}

BOOST_AUTO_TEST_CASE(a_request_can_be_cancelled) {
  std::promise<void> closed;
  scripted_server server{[&](scripted_connection& peer) {
    peer.read_request();
    peer.begin_chunked();
    peer.send_chunk("x");
    peer.wait_until_closed();
    closed.set_value();
  }};
  auto started = start(request_to(server.url()), true);
  started->first_chunk.get_future().wait_for(20s);
  engine->cancel(started->ticket);
  BOOST_CHECK(code(started->wait()) == errc::cancelled);
  BOOST_CHECK(closed.get_future().wait_for(20s) == std::future_status::ready);
  engine->cancel(started->ticket);
  engine->cancel(123456);
  BOOST_TEST(engine->under_way() == 0u);
  BOOST_TEST(started->dones == 1);
}

BOOST_AUTO_TEST_SUITE_END()
