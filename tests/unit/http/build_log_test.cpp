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
  explicit log_world(http_options options = http_world::quick())
      : world(std::move(options), [this](site& place) {
          auto opened = build_log_store::open(folder.path() + "/build-logs", {1'000'000'000, 24h});
          BOOST_REQUIRE_MESSAGE(opened, (opened ? "" : describe(opened.error())));
          store = std::make_shared<const build_log_store>(std::move(*opened));
          place.build_logs = store;
          place.api_only = true;
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
