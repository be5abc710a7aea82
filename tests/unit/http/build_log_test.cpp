#include <filesystem>

#include <boost/test/unit_test.hpp>

#include "http_world.hpp"
#include "runtime/build/log_store.hpp"
#include "runtime/error.hpp"
#include "socket_client.hpp"
#include "temporary_folder.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

/// A server with kept logs in a folder of its own.
struct log_world {
  explicit log_world(bool api_only = true)
      : world(http_world::quick(), [this, api_only](site& place) {
          auto opened = build_log_store::open(folder.path() + "/build-logs", {1'000'000'000, 24h});
          BOOST_REQUIRE_MESSAGE(opened, (opened ? "" : describe(opened.error())));
          store = std::make_shared<const build_log_store>(std::move(*opened));
          place.build_logs = store;
          place.api_only = api_only;
        }) {}

  std::string keep(const std::string& text) const {
    auto id = store->keep(text, build_log_store::clock::now());
    BOOST_REQUIRE_MESSAGE(id, (id ? "" : describe(id.error())));
    return *id;
  }

  temporary_folder folder;
  std::shared_ptr<const build_log_store> store;
  http_world world;
};

/// Lines that differ, so that a piece that is lost, doubled or moved shows.
std::string many_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "line " + std::to_string(i) + " <b>&amp;\n";
  return text;
}

std::string body_of(const std::string& answer) {
  auto head = answer.find("\r\n\r\n");
  return head == std::string::npos ? "" : answer.substr(head + 4);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kept_build_logs)

BOOST_AUTO_TEST_CASE(a_log_is_plain_text_that_browsers_do_not_guess_about) {
  log_world one;
  for (int lines : {0, 1, 100, 100'000}) {  // the last one is sent in pieces
    auto text = many_lines(lines);
    auto id = one.keep(text);
    socket_client client{one.world.port()};
    client.send(get("/build-log/" + id) + get("/versions"));
    auto answer = client.take_answer();
    BOOST_TEST(status_of(answer) == 200);
    BOOST_TEST(field_of(answer, "Content-Type") == "text/plain; charset=utf-8");
    BOOST_TEST(field_of(answer, "X-Content-Type-Options") == "nosniff");
    BOOST_TEST(field_of(answer, "X-Robots-Tag") == "noindex");
    BOOST_TEST((body_of(answer) == text));
    BOOST_TEST(status_of(client.take_answer()) == 200);  // the connection goes on
    client.send("HEAD /build-log/" + id + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    BOOST_TEST(field_of(client.take_answer(false), "Content-Length") ==
               std::to_string(text.size()));
  }
}

BOOST_AUTO_TEST_CASE(browsers_get_a_page_and_programs_the_text) {
  log_world one{false};
  auto id = one.keep("make: *** [all] Error 2\n");
  auto ask = [&](const std::string& path, const std::string& accept) {
    socket_client client{one.world.port()};
    client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept + "\r\n\r\n");
    return client.take_answer();
  };
  const std::string browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  auto page = ask("/build-log/" + id, browser);
  BOOST_TEST(status_of(page) == 200);
  BOOST_TEST(field_of(page, "Content-Type") == "text/html; charset=utf-8");
  BOOST_TEST(field_of(page, "Cache-Control") == "private, no-cache");
  BOOST_TEST(field_of(page, "X-Robots-Tag") == "noindex");
  BOOST_TEST(field_of(page, "Content-Security-Policy").find("style-src 'self' 'unsafe-inline';") !=
             std::string::npos);
  BOOST_TEST(page.find("data-log-url=\"/build-log/" + id + "?raw\"") != std::string::npos);
  BOOST_TEST(page.find("role=\"alert\"") == std::string::npos);
  BOOST_TEST(page.find("Error 2") == std::string::npos);
  for (auto [path, accept] : {std::pair{"", "*/*"},
                              {"", "text/plain, text/html;q=0.9"},
                              {"?raw", browser.c_str()},
                              {"?x=1&raw=0", browser.c_str()}}) {
    auto text = ask("/build-log/" + id + path, accept);
    BOOST_TEST(field_of(text, "Content-Type") == "text/plain; charset=utf-8", path);
    BOOST_TEST(field_of(text, "Cache-Control") == "private, max-age=3600");
    BOOST_TEST(body_of(text) == "make: *** [all] Error 2\n");
    BOOST_TEST(field_of(text, "Vary") == "Accept");
  }
  BOOST_TEST(field_of(page, "Vary") == "Accept");
  // In the API-only mode there are no pages.
  log_world api;
  auto kept = api.keep("x\n");
  socket_client client{api.world.port()};
  client.send("GET /build-log/" + kept + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + browser +
              "\r\n\r\n");
  BOOST_TEST(body_of(client.take_answer()) == "x\n");
}

BOOST_AUTO_TEST_CASE(a_page_says_why_there_is_no_log) {
  log_world one{false};
  auto ask = [](uint16_t port, const std::string& accept) {
    socket_client client{port};
    client.send("GET /build-log/aaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\nHost: localhost\r\nAccept: " +
                accept + "\r\n\r\n");
    return client.take_answer();
  };
  auto page = ask(one.world.port(), "text/html");
  BOOST_TEST(status_of(page) == 404);
  BOOST_TEST(field_of(page, "Content-Type") == "text/html; charset=utf-8");
  BOOST_TEST(page.find("kept for 24 hours") != std::string::npos);
  BOOST_TEST(page.find("log-url") == std::string::npos);
  auto text = ask(one.world.port(), "*/*");
  BOOST_TEST(status_of(text) == 404);
  BOOST_TEST(field_of(text, "Content-Type") == "text/plain; charset=utf-8");
  http_world keeps_none;
  auto none = ask(keeps_none.port(), "text/html");
  BOOST_TEST(status_of(none) == 404);
  BOOST_TEST(none.find("Logs of failed builds are not kept here.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_found) {
  log_world one;
  for (std::string path : {"/build-log/", "/build-log/x", "/build-log/aaaaaaaaaaaaaaaaaaaaaaaa",
                           "/build-log/..%2f..%2fetc%2fpasswd"}) {
    socket_client client{one.world.port()};
    client.send(get(path));
    BOOST_TEST(status_of(client.take_answer()) == 404, path);
  }
  http_world keeps_none;
  socket_client client{keeps_none.port()};
  client.send(get("/build-log/aaaaaaaaaaaaaaaaaaaaaaaa"));
  BOOST_TEST(status_of(client.take_answer()) == 404);
}

BOOST_AUTO_TEST_CASE(a_log_that_goes_while_it_is_sent_ends_the_connection) {
  log_world one;
  auto id = one.keep(many_lines(1'000'000));
  socket_client client{one.world.port(), 4'096};
  client.send(get("/build-log/" + id));
  BOOST_REQUIRE(client.read_until("line 10 "));
  std::filesystem::remove(one.folder.path() + "/build-logs/" + id + ".log");
  BOOST_TEST(client.read_to_end());
  BOOST_TEST(client.received().size() < many_lines(1'000'000).size());
}

BOOST_AUTO_TEST_SUITE_END()
