#include <boost/test/unit_test.hpp>

#include "tests/unit/runtime/curl_engine_world.hpp"

using namespace bindery;
using namespace bindery::test;

BOOST_FIXTURE_TEST_SUITE(curl_engine_bad_answers, engine_fixture)

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

BOOST_AUTO_TEST_SUITE_END()
