#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/unit/runtime/curl_engine_world.hpp"

using namespace bindery;
using namespace bindery::test;

BOOST_FIXTURE_TEST_SUITE(curl_engine_real_sockets, engine_fixture)

BOOST_AUTO_TEST_CASE(brings_the_whole_answer) {
  std::string seen;
  scripted_server server{[&](scripted_connection& peer) {
    seen = peer.read_request();
    peer.answer(404, "{\"message\":\"no\"}", "X-One: 1\r\nX-Empty:\r\nx-two:  2 \r\n");
  }};
  auto request = request_to(server.url("/a%2Fb/../c?d=e"));
  request.headers = {{"Authorization", "token t"}, {"X-Blank", ""}};
  auto end = ask(request);
  BOOST_REQUIRE(end);
  BOOST_TEST(end->status == 404);
  BOOST_TEST(end->body == "{\"message\":\"no\"}");
  BOOST_TEST(find_header(end->headers, "x-ONE") == "1");
  BOOST_TEST(find_header(end->headers, "x-empty") == "");
  BOOST_TEST(find_header(end->headers, "X-Two") == "2");
  BOOST_TEST(end->effective_url == request.url);
  BOOST_TEST(seen.rfind("GET /a%2Fb/../c?d=e HTTP/1.1\r\n", 0) == 0u);
  BOOST_TEST(seen.find("Authorization: token t\r\n") != std::string::npos);
  BOOST_TEST(seen.find("X-Blank:\r\n") != std::string::npos);
  BOOST_TEST(seen.find("User-Agent: bindery/") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(sends_bodies_with_every_method) {
  std::string seen;
  scripted_server server{[&](scripted_connection& peer) {
    while (!(seen = peer.read_request()).empty()) peer.answer(200, "ok");
  }};
  struct {
    const char *method, *body, *expected;
  } rows[] = {{"POST", "{\"a\":1}", "{\"a\":1}"},
              {"POST", "", "Content-Length: 0\r\n\r\n"},
              {"PUT", "x", "x"},
              {"DELETE", "", "\r\n\r\n"},
              {"DELETE", "{}", "{}"},
              {"PATCH", "p", "p"}};
  for (auto& row : rows) {
    auto request = request_to(server.url());
    request.method = row.method;
    request.body = row.body;
    BOOST_TEST_CONTEXT(row.method << " " << row.body) {
      std::string got;
      scripted_server one{[&](scripted_connection& peer) {
        got = peer.read_request();
        peer.answer(200, "ok");
      }};
      request.url = one.url();
      auto end = ask(request);
      BOOST_REQUIRE(end);
      BOOST_TEST(got.rfind(std::string{row.method} + " / ", 0) == 0u);
      BOOST_TEST(got.substr(got.size() - std::string{row.expected}.size()) == row.expected);
      BOOST_TEST(got.find("urlencoded") == std::string::npos);
      BOOST_TEST(got.find("Expect") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(head_has_no_body) {
  scripted_server server{[](scripted_connection& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    peer.wait_until_closed();
  }};
  auto request = request_to(server.url());
  request.method = "HEAD";
  auto end = ask(request);
  BOOST_REQUIRE(end);
  BOOST_TEST(end->status == 200);
  BOOST_TEST(end->body == "");
}

BOOST_AUTO_TEST_CASE(connections_are_reused) {
  scripted_server server{[](scripted_connection& peer) {
    while (!peer.read_request().empty()) peer.answer(200, "ok");
  }};
  for (int i = 0; i < 20; ++i) BOOST_TEST(get(server.url())->body == "ok");
  BOOST_TEST(server.accepted() == 1);
}

BOOST_AUTO_TEST_CASE(a_post_whose_answer_is_lost_is_not_sent_again_unasked) {
  std::atomic<int> posts{0};
  scripted_server server{[&posts](scripted_connection& peer) {
    for (auto request = peer.read_request(); !request.empty(); request = peer.read_request()) {
      if (request.starts_with("POST ")) {
        ++posts;
        return;  // acted upon, but the answer gets lost
      }
      peer.answer(200, "kept alive");
    }
  }};
  BOOST_REQUIRE(get(server.url()));
  http_request request;
  request.method = "POST";
  request.url = server.url("/users/ada");
  auto lost = ask(std::move(request));
  BOOST_REQUIRE(!lost);
  BOOST_TEST((code_of(lost.error()) == errc::unreachable));
  BOOST_TEST(posts == 1);
}

BOOST_AUTO_TEST_CASE(connections_are_reused_beside_many_busy_ones) {
  curl_engine_options options;
  options.max_idle_connections = 4;
  engine = std::make_unique<curl_engine>(options);
  scripted_server stuck{[](scripted_connection& peer) { peer.wait_until_closed(); }};
  scripted_server server{[](scripted_connection& peer) {
    while (!peer.read_request().empty()) peer.answer(200, "ok");
  }};
  for (int i = 0; i < 50; ++i) start(request_to(stuck.url()));
  for (int i = 0; i < 20; ++i) BOOST_TEST(get(server.url())->body == "ok");
  BOOST_TEST(server.accepted() == 1);
}

BOOST_AUTO_TEST_CASE(speaks_over_unix_sockets) {
  auto folder = std::filesystem::temp_directory_path() / ("bindery-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  auto path = (folder / "engine.sock").string();
  auto request = request_to("http://engine/_ping");
  request.unix_socket = path;
  auto missing = ask(request);
  BOOST_CHECK(code(missing) == errc::unreachable);
  BOOST_TEST(says(missing, path));
  {
    std::string seen;
    scripted_server server{[&](scripted_connection& peer) {
                             seen = peer.read_request();
                             peer.answer(200, "OK");
                           },
                           path};
    auto end = ask(request);
    BOOST_REQUIRE(end);
    BOOST_TEST(end->body == "OK");
    BOOST_TEST(seen.rfind("GET /_ping ", 0) == 0u);
  }
  std::filesystem::remove_all(folder);
}

BOOST_AUTO_TEST_CASE(streams_come_piece_by_piece) {
  std::promise<void> first_arrived;
  auto arrived = first_arrived.get_future();
  scripted_server server{[&](scripted_connection& peer) {
    peer.read_request();
    peer.begin_chunked();
    peer.send_chunk("one ");
    arrived.wait_for(20s);
    peer.send_chunk("two");
    peer.end_chunked();
  }};
  auto started = start(request_to(server.url()), true);
  BOOST_REQUIRE(started->first_chunk.get_future().wait_for(20s) == std::future_status::ready);
  first_arrived.set_value();
  auto end = started->wait();
  BOOST_REQUIRE(end);
  BOOST_TEST(end->status == 200);
  BOOST_TEST(end->body == "");
  BOOST_TEST(started->chunks == "one two");
  BOOST_TEST(started->heads == 1);
}

BOOST_AUTO_TEST_CASE(a_failed_stream_keeps_its_body) {
  scripted_server server{[](scripted_connection& peer) {
    peer.read_request();
    peer.answer(503, "down");
  }};
  auto started = start(request_to(server.url()), true);
  auto end = started->wait();
  BOOST_REQUIRE(end);
  BOOST_TEST(end->status == 503);
  BOOST_TEST(end->body == "down");
  BOOST_TEST(started->chunks == "");
}

BOOST_AUTO_TEST_CASE(interim_answers_are_passed_over) {
  scripted_server server{[](scripted_connection& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    peer.answer(200, "ok", "X-Final: 1\r\n");
  }};
  auto started = start(request_to(server.url()));
  auto end = started->wait();
  BOOST_REQUIRE(end);
  BOOST_TEST(end->status == 200);
  BOOST_TEST(find_header(end->headers, "link") == "");
  BOOST_TEST(started->heads == 1);
}

BOOST_AUTO_TEST_CASE(a_thousand_requests_at_once) {
  scripted_server server{[](scripted_connection& peer) {
    for (std::string request; !(request = peer.read_request()).empty();)
      peer.answer(200, request.substr(4, request.find(' ', 4) - 4));
  }};
  std::vector<std::shared_ptr<record>> all;
  for (int i = 0; i < 1'000; ++i)
    all.push_back(start(request_to(server.url("/" + std::to_string(i)))));
  for (int i = 0; i < 1'000; ++i) {
    auto end = all[i]->wait();
    BOOST_REQUIRE_MESSAGE(end, (end ? "" : describe(end.error())));
    BOOST_TEST(end->body == "/" + std::to_string(i));
  }
  BOOST_TEST(engine->under_way() == 0u);
}

BOOST_AUTO_TEST_CASE(more_requests_than_allowed_are_refused_at_once) {
  curl_engine_options options;
  options.max_requests = 2;
  engine = std::make_unique<curl_engine>(options);
  scripted_server stuck{[](scripted_connection& peer) { peer.wait_until_closed(); }};
  auto one = start(request_to(stuck.url()));
  auto two = start(request_to(stuck.url()));
  BOOST_CHECK(code(get(stuck.url())) == errc::too_many_requests);
  engine->cancel(one->ticket);
  one->wait();
  BOOST_TEST(start(request_to(stuck.url()))->ticket != 0u);
}

BOOST_AUTO_TEST_CASE(an_exception_of_a_callback_ends_its_request_only) {
  scripted_server server{[](scripted_connection& peer) {
    while (!peer.read_request().empty()) peer.answer(200, "ok");
  }};
  std::promise<result> done;
  http_callbacks callbacks;
  callbacks.on_chunk = [](std::string_view) { throw std::runtime_error("no"); };
  callbacks.on_done = [&](result end) {
    done.set_value(std::move(end));
    throw std::runtime_error("no");
  };
  BOOST_REQUIRE(engine->submit(request_to(server.url()), callbacks));
  auto end = done.get_future();
  BOOST_REQUIRE(end.wait_for(20s) == std::future_status::ready);
  BOOST_CHECK(code(end.get()) == errc::internal);
  BOOST_TEST(get(server.url())->body == "ok");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_engine_ends_every_request) {
  scripted_server stuck{[](scripted_connection& peer) { peer.wait_until_closed(); }};
  std::vector<std::shared_ptr<record>> held;
  for (int i = 0; i < 10; ++i) held.push_back(start(request_to(stuck.url())));
  engine.reset();
  for (auto& one : held) {
    BOOST_CHECK(code(one->wait()) == errc::shutting_down);
    BOOST_TEST(one->dones == 1);
  }
}

BOOST_AUTO_TEST_CASE(the_engine_may_be_dropped_by_its_own_callback) {
  scripted_server server{[](scripted_connection& peer) {
    peer.read_request();
    peer.answer(200, "ok");
  }};
  std::promise<void> dropped;
  auto last = std::make_shared<std::unique_ptr<curl_engine>>(std::move(engine));
  auto* engine_seen = last->get();
  http_callbacks callbacks;
  std::promise<void> submitted;
  auto go = submitted.get_future().share();
  callbacks.on_done = [last, go, &dropped](result) {
    go.wait();
    last->reset();
    dropped.set_value();
  };
  BOOST_REQUIRE(engine_seen->submit(request_to(server.url()), std::move(callbacks)));
  last.reset();
  submitted.set_value();
  BOOST_CHECK(dropped.get_future().wait_for(20s) == std::future_status::ready);
}

BOOST_AUTO_TEST_SUITE_END()
