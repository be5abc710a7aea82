#include "runtime/net/curl_engine.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"
#include "tests/unit/runtime/scripted_server.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

using result = caf::expected<http_response>;

/// Everything that callbacks said of one request.
struct record {
  std::promise<result> done;
  std::future<result> end = done.get_future();
  std::promise<void> first_chunk;
  std::string chunks;
  int heads = 0;
  int dones = 0;
  uint64_t ticket = 0;

  result wait() {
    if (end.wait_for(20s) != std::future_status::ready) return make_error(errc::internal, "hangs");
    return end.get();
  }
};

struct engine_fixture {
  std::shared_ptr<record> start(http_request request, bool streaming = false) {
    auto kept = std::make_shared<record>();
    http_callbacks callbacks;
    callbacks.on_head = [kept](const http_response&) { ++kept->heads; };
    if (streaming)
      callbacks.on_chunk = [kept](std::string_view bytes) {
        if (kept->chunks.empty()) kept->first_chunk.set_value();
        kept->chunks += bytes;
      };
    callbacks.on_done = [kept](result end) {
      if (++kept->dones == 1) kept->done.set_value(std::move(end));
    };
    auto ticket = engine->submit(std::move(request), std::move(callbacks));
    if (ticket)
      kept->ticket = *ticket;
    else
      kept->done.set_value(ticket.error());
    return kept;
  }

  result ask(http_request request) { return start(std::move(request))->wait(); }

  result get(const std::string& url) {
    http_request request;
    request.url = url;
    return ask(std::move(request));
  }

  std::unique_ptr<curl_engine> engine = std::make_unique<curl_engine>();
};

bool says(const result& end, std::string_view words) {
  return !end && describe(end.error()).find(words) != std::string::npos;
}

errc code(const result& end) {
  return end ? errc::none : code_of(end.error());
}

http_request request_to(std::string url) {
  http_request request;
  request.url = std::move(url);
  return request;
}

/// A port that nobody listens on.
int closed_port() {
  scripted_server server{[](scripted_connection&) {}};
  return server.port();
}

}  // namespace

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

BOOST_AUTO_TEST_CASE(a_refused_connection_is_told_in_words) {
  auto url = "http://127.0.0.1:" + std::to_string(closed_port()) + "/v2/";
  auto end = get(url + "?token=s3cret");
  BOOST_CHECK(code(end) == errc::unreachable);
  BOOST_TEST(describe(end.error()) == "GET " + url + ": connection refused");
}

BOOST_AUTO_TEST_CASE(an_unknown_host_is_unreachable) {
  auto end = get("http://no-such-host.invalid/");
  BOOST_CHECK(code(end) == errc::unreachable);
  BOOST_TEST(says(end, "host name was not found"));
}

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

BOOST_AUTO_TEST_CASE(bodies_and_headers_are_bounded) {
  scripted_server server{[](scripted_connection& peer) {
    auto request = peer.read_request();
    if (request.find("/long-line") != std::string::npos) {
      peer.send("HTTP/1.1 200 OK\r\nX: ");
      while (peer.send(std::string(1000, 'x'))) {
      }
    } else if (request.find("/headers") != std::string::npos) {
      peer.send("HTTP/1.1 200 OK\r\n");
      while (peer.send("X-More: " + std::string(100, 'x') + "\r\n")) {
      }
    } else {
      peer.begin_chunked();
      while (peer.send_chunk(std::string(1000, 'x'))) {
      }
    }
  }};
  auto request = request_to(server.url());
  request.max_body_bytes = 100'000;
  auto body = ask(request);
  BOOST_CHECK(code(body) == errc::too_large);
  BOOST_TEST(says(body, "longer than 100000 bytes"));
  auto streamed = start(request, true);
  BOOST_CHECK(code(streamed->wait()) == errc::too_large);
  BOOST_TEST(streamed->chunks.size() <= 100'000u);
  BOOST_CHECK(code(get(server.url("/headers"))) == errc::too_large);
  auto line = get(server.url("/long-line"));
  BOOST_CHECK_MESSAGE(code(line) == errc::too_large, describe(line.error()));
}

BOOST_AUTO_TEST_CASE(broken_answers_are_told_apart) {
  scripted_server server{[](scripted_connection& peer) {
    auto request = peer.read_request();
    if (request.find("/nothing") != std::string::npos) return;
    if (request.find("/truncated") != std::string::npos)
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    if (request.find("/cut-stream") != std::string::npos) {
      peer.begin_chunked();
      peer.send_chunk("half");
    }
    if (request.find("/garbage") != std::string::npos) peer.send("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    if (request.find("/bad-chunk") != std::string::npos) {
      peer.begin_chunked();
      peer.send("zzzz\r\nwhat");
    }
    if (request.find("/negative") != std::string::npos)
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc");
  }};
  BOOST_CHECK(code(get(server.url("/nothing"))) == errc::unreachable);
  auto truncated = get(server.url("/truncated"));
  BOOST_CHECK(code(truncated) == errc::unreachable);
  BOOST_TEST(says(truncated, "in the middle of the answer"));
  auto cut = start(request_to(server.url("/cut-stream")), true);
  BOOST_CHECK(code(cut->wait()) == errc::unreachable);
  BOOST_TEST(cut->chunks == "half");
  BOOST_CHECK(code(get(server.url("/garbage"))) == errc::bad_answer);
  BOOST_CHECK(code(get(server.url("/bad-chunk"))) == errc::bad_answer);
  BOOST_CHECK(code(get(server.url("/negative"))) == errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(only_http_is_spoken) {
  for (auto url : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://a/b",
                   "ext::sh -c id", "", "nonsense://", "http://", "http://a b/",
                   "http://127.0.0.1/\r\nX: y", "http://u:p@127.0.0.1/"}) {
    auto end = get(url);
    BOOST_TEST_CONTEXT(url << ": " << (end ? "an answer" : describe(end.error()))) {
      BOOST_CHECK(code(end) == errc::bad_request);
      BOOST_TEST(!says(end, "u:p"));
    }
  }
}

BOOST_AUTO_TEST_CASE(fields_that_would_write_further_fields_are_refused) {
  auto url = "http://127.0.0.1:" + std::to_string(closed_port()) + "/";
  auto request = request_to(url);
  request.headers = {{"X", "a\r\nAuthorization: b"}};
  BOOST_CHECK(code(ask(request)) == errc::bad_request);
  request.headers = {{"X: y\r\nZ", "a"}};
  BOOST_CHECK(code(ask(request)) == errc::bad_request);
  request.headers.clear();
  request.method = "GET / HTTP/1.1\r\nX:";
  BOOST_CHECK(code(ask(request)) == errc::bad_request);
}

BOOST_AUTO_TEST_CASE(redirects_are_followed_only_where_asked) {
  scripted_server server{[](scripted_connection& peer) {
    for (std::string request; !(request = peer.read_request()).empty();) {
      if (request.rfind("GET /end", 0) == 0)
        peer.answer(200, "end");
      else if (request.rfind("GET /loop", 0) == 0)
        peer.answer(302, "", "Location: /loop\r\n");
      else
        peer.answer(302, "moved", "Location: end\r\n");
    }
  }};
  auto plain = get(server.url("/begin"));
  BOOST_REQUIRE(plain);
  BOOST_TEST(plain->status == 302);
  BOOST_TEST(plain->body == "moved");
  auto request = request_to(server.url("/begin"));
  request.max_redirects = 2;
  auto started = start(request);
  auto end = started->wait();
  BOOST_REQUIRE(end);
  BOOST_TEST(end->body == "end");
  BOOST_TEST(end->effective_url == server.url("/end"));
  BOOST_TEST(started->heads == 1);
  request.url = server.url("/loop");
  auto looped = ask(request);
  BOOST_CHECK(code(looped) == errc::bad_answer);
  BOOST_TEST(says(looped, "more than 2 times"));
  request.url = server.url("/begin");
  request.method = "POST";
  BOOST_TEST(ask(request)->status == 302);
}

BOOST_AUTO_TEST_CASE(redirects_to_other_schemes_are_refused) {
  for (std::string location : {"file:///etc/passwd", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/"}) {
    scripted_server server{[&](scripted_connection& peer) {
      peer.read_request();
      peer.answer(302, "", "Location: " + location + "\r\n");
    }};
    auto request = request_to(server.url());
    request.max_redirects = 5;
    BOOST_CHECK(code(ask(request)) == errc::bad_answer);
  }
}

BOOST_AUTO_TEST_CASE(credentials_never_follow_to_another_host) {
  std::string seen;
  scripted_server other{[&](scripted_connection& peer) {
    seen = peer.read_request();
    peer.answer(200, "ok");
  }};
  scripted_server server{[&](scripted_connection& peer) {
    peer.read_request();
    peer.answer(307, "", "Location: " + other.url("/x") + "\r\n");
  }};
  auto request = request_to(server.url());
  request.max_redirects = 5;
  request.headers = {{"Authorization", "token s3cret"},
                     {"PRIVATE-TOKEN", "s3cret"},
                     {"Cookie", "s3cret"},
                     {"Accept", "text/plain"}};
  BOOST_TEST(ask(request)->status == 200);
  BOOST_TEST(seen.find("s3cret") == std::string::npos);
  BOOST_TEST(seen.find("Accept: text/plain") != std::string::npos);
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
