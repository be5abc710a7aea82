#include "actors/http_client.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>
#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/deep_to_string.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "actors/node.hpp"
#include "runtime/error.hpp"
#include "tests/unit/runtime/scripted_server.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

/// What a sink heard.
struct heard {
  std::promise<caf::expected<http_response>> end_promise;
  std::future<caf::expected<http_response>> end = end_promise.get_future();
  std::promise<void> first_promise;
  std::future<void> first = first_promise.get_future();
  std::string chunks;
};

struct sink_state {
  std::shared_ptr<heard> ears;
};

http_sink_actor::behavior_type recording_sink(http_sink_actor::stateful_pointer<sink_state> self,
                                              std::shared_ptr<heard> ears) {
  self->state.ears = std::move(ears);
  return {
      [self](chunk_atom, uint64_t, const std::string& bytes) {
        auto& state = *self->state.ears;
        if (state.chunks.empty()) state.first_promise.set_value();
        state.chunks += bytes;
      },
      [self](end_atom, uint64_t, const http_response& response) {
        self->state.ears->end_promise.set_value(response);
        self->quit();
      },
      [self](end_atom, uint64_t, const caf::error& why) {
        self->state.ears->end_promise.set_value(why);
        self->quit();
      },
  };
}

struct client_fixture {
  client_fixture() {
    system = std::make_unique<caf::actor_system>(config);
    engine = std::make_shared<curl_engine>();
    client = system->spawn(http_client, engine);
  }

  ~client_fixture() {
    caf::anon_send_exit(client, caf::exit_reason::user_shutdown);
    client = nullptr;
    system.reset();
    BOOST_TEST(engine.use_count() == 1);
  }

  caf::expected<http_response> fetch(http_request request) {
    caf::scoped_actor self{*system};
    caf::expected<http_response> result = make_error(errc::internal, "no answer");
    self->request(client, 20s, fetch_atom::value, std::move(request))
        .receive([&](const http_response& response) { result = response; },
                 [&](const caf::error& err) { result = err; });
    return result;
  }

  uint64_t open(http_request request, const http_sink_actor& sink) {
    caf::scoped_actor self{*system};
    uint64_t ticket = 0;
    self->request(client, 20s, stream_atom::value, std::move(request), sink)
        .receive([&](uint64_t given) { ticket = given; }, [](const caf::error&) {});
    return ticket;
  }

  node_config config;
  std::unique_ptr<caf::actor_system> system;
  std::shared_ptr<curl_engine> engine;
  http_client_actor client;
};

http_request request_to(std::string url) {
  http_request request;
  request.url = std::move(url);
  return request;
}

template <class T>
bool comes(std::future<T>& future) {
  return future.wait_for(20s) == std::future_status::ready;
}

/// Streams a first piece, then waits for the client to close.
struct endless_server {
  std::promise<void> closed_promise;
  std::future<void> closed = closed_promise.get_future();
  scripted_server server{[this](scripted_connection& peer) {
    peer.read_request();
    peer.begin_chunked();
    peer.send_chunk("first");
    peer.wait_until_closed();
    closed_promise.set_value();
  }};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_client_real_sockets, client_fixture)

BOOST_AUTO_TEST_CASE(fetches_answers_and_errors) {
  std::string url;
  {
    scripted_server server{[](scripted_connection& peer) {
      peer.read_request();
      peer.answer(418, "tea");
    }};
    url = server.url();
    auto end = fetch(request_to(url));
    BOOST_REQUIRE(end);
    BOOST_TEST(end->status == 418);
    BOOST_TEST(end->body == "tea");
  }
  auto refused = fetch(request_to(url));
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(code_of(refused.error()) == errc::unreachable);
  BOOST_TEST(describe(refused.error()) == "GET " + url + ": connection refused");
}

BOOST_AUTO_TEST_CASE(streams_in_order_to_the_sink) {
  scripted_server server{[](scripted_connection& peer) {
    peer.read_request();
    peer.begin_chunked();
    for (int i = 0; i < 1000; ++i) peer.send_chunk(std::to_string(i) + " ");
    peer.end_chunked();
  }};
  auto ears = std::make_shared<heard>();
  auto sink = system->spawn(recording_sink, ears);
  BOOST_TEST(open(request_to(server.url()), sink) != 0u);
  BOOST_REQUIRE(comes(ears->end));
  BOOST_TEST(ears->end.get()->status == 200);
  std::string expected;
  for (int i = 0; i < 1000; ++i) expected += std::to_string(i) + " ";
  BOOST_TEST(ears->chunks == expected);
}

BOOST_AUTO_TEST_CASE(a_stream_that_cannot_begin_ends_at_the_sink) {
  auto ears = std::make_shared<heard>();
  auto sink = system->spawn(recording_sink, ears);
  BOOST_TEST(open(request_to("ftp://127.0.0.1/"), sink) != 0u);
  BOOST_REQUIRE(comes(ears->end));
  BOOST_CHECK(code_of(ears->end.get().error()) == errc::bad_request);
}

BOOST_AUTO_TEST_CASE(a_stream_ends_with_its_sink) {
  endless_server endless;
  auto ears = std::make_shared<heard>();
  auto sink = system->spawn(recording_sink, ears);
  open(request_to(endless.server.url()), sink);
  BOOST_REQUIRE(comes(ears->first));
  caf::anon_send_exit(sink, caf::exit_reason::kill);
  BOOST_CHECK(comes(endless.closed));
}

BOOST_AUTO_TEST_CASE(a_stopped_stream_is_silent) {
  endless_server endless;
  auto ears = std::make_shared<heard>();
  auto sink = system->spawn(recording_sink, ears);
  auto ticket = open(request_to(endless.server.url()), sink);
  BOOST_REQUIRE(comes(ears->first));
  caf::anon_send(client, stop_atom::value, ticket);
  caf::anon_send(client, stop_atom::value, ticket + 1000);
  BOOST_CHECK(comes(endless.closed));
  // The client has handled the engine's last word once it answers this.
  BOOST_TEST(!fetch(request_to("ftp://127.0.0.1/")));
  BOOST_CHECK(ears->end.wait_for(0s) == std::future_status::timeout);
  caf::anon_send_exit(sink, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_CASE(its_end_is_the_end_of_all_its_requests) {
  endless_server endless;
  auto ears = std::make_shared<heard>();
  auto sink = system->spawn(recording_sink, ears);
  open(request_to(endless.server.url()), sink);
  BOOST_REQUIRE(comes(ears->first));
  scripted_server stuck{[&](scripted_connection& peer) {
    peer.read_request();
    caf::anon_send_exit(client, caf::exit_reason::user_shutdown);
    peer.wait_until_closed();
  }};
  auto fetched = fetch(request_to(stuck.url()));
  BOOST_REQUIRE(!fetched);
  BOOST_CHECK(code_of(fetched.error()) == errc::shutting_down);
  BOOST_REQUIRE(comes(ears->end));
  BOOST_CHECK(code_of(ears->end.get().error()) == errc::shutting_down);
  BOOST_CHECK(comes(endless.closed));
}

BOOST_AUTO_TEST_CASE(rendered_messages_show_no_secret) {
  auto request = request_to("http://u:s3cret@h/a?token=s3cret");
  request.headers = {{"Authorization", "token s3cret"}};
  request.body = "s3cret";
  http_response response;
  response.body = "s3cret";
  auto text = caf::deep_to_string(request) + caf::deep_to_string(response) +
              caf::to_string(caf::make_message(fetch_atom::value, request, response));
  BOOST_TEST(text.find("s3cret") == std::string::npos, text);
  BOOST_TEST(text.find("http://h/a") != std::string::npos, text);
}

BOOST_AUTO_TEST_SUITE_END()
