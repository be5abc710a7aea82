#include "actors/jupyterhub.hpp"

#include <chrono>
#include <string>
#include <vector>

#include "tests/unit/actors/scripted_http_fixture.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

struct hub_ears_state {
  std::vector<hub_progress>* told = nullptr;
};

hub_sink_actor::behavior_type hub_ears(hub_sink_actor::stateful_pointer<hub_ears_state> self,
                                       std::vector<hub_progress>* told) {
  self->state.told = told;
  return {[self](progress_atom, const hub_progress& step) { self->state.told->push_back(step); }};
}

struct hub_fixture : scripted_upstream {
  hub_fixture() {
    jupyterhub_options options;
    options.hub = {"http://hub/hub/api", "s3cret"};
    hub = spawn(jupyterhub, client, options);
  }

  auto create() { return ask<void>(hub, create_atom::value, std::string{"u"}); }
  auto start() {
    return ask<void>(hub, start_atom::value, std::string{"u"}, std::string{}, std::string{"{}"});
  }
  auto stop() { return ask<void>(hub, stop_atom::value, std::string{"u"}, std::string{}); }
  auto remove() { return ask<void>(hub, delete_atom::value, std::string{"u"}); }
  auto follow() {
    sink = spawn(hub_ears, &told);
    return ask<hub_progress>(hub, progress_atom::value, std::string{"u"}, std::string{}, sink);
  }

  jupyterhub_actor hub;
  std::vector<hub_progress> told;
  hub_sink_actor sink;
};

caf::error refused() {
  return make_error(errc::unreachable, "POST http://hub/hub/api/users/u: connection refused");
}

std::string event(int percent, const std::string& message, const std::string& more = {}) {
  return "data: {\"progress\": " + std::to_string(percent) + ", \"message\": \"" + message + "\"" +
         more + "}\n\n";
}

std::string hub_says(const std::string& message) {
  return "{\"status\": 400, \"message\": \"" + message + "\"}";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(jupyterhub_in_virtual_time, hub_fixture)

BOOST_AUTO_TEST_CASE(creates_users_with_the_token) {
  http->say({answer_of(201, "{}")});
  BOOST_TEST(create()->value.has_value());
  BOOST_TEST(http->line(0) == "POST http://hub/hub/api/users/u");
  BOOST_TEST(find_header(http->requests[0].headers, "authorization") == "token s3cret");
  BOOST_CHECK(http->requests[0].timeout == 30s);
}

BOOST_AUTO_TEST_CASE(a_user_that_exists_is_an_error_on_the_first_try_and_success_on_a_repeat) {
  http->say({answer_of(409)});
  BOOST_CHECK(create()->code() == errc::already_running);
  http->say({refused(), answer_of(409)});
  auto repeated = create();
  BOOST_TEST(!repeated->done());
  advance(4s);
  BOOST_TEST(repeated->value.has_value());
}

BOOST_AUTO_TEST_CASE(faults_are_retried_after_4_8_and_16_seconds) {
  http->say({refused(), answer_of(503), answer_of(500), answer_of(201)});
  auto asked = create();
  advance(3'999ms);
  BOOST_TEST(http->requests.size() == 1u);
  advance(1ms);
  BOOST_TEST(http->requests.size() == 2u);
  advance(7'999ms);
  BOOST_TEST(http->requests.size() == 2u);
  advance(1ms);
  BOOST_TEST(http->requests.size() == 3u);
  advance(15'999ms);
  BOOST_TEST(!asked->done());
  advance(1ms);
  BOOST_TEST(http->requests.size() == 4u);
  BOOST_TEST(asked->value.has_value());
}

BOOST_AUTO_TEST_CASE(the_fourth_fault_is_the_last) {
  http->say({refused()});
  auto unreachable = create();
  advance(1h);
  BOOST_TEST(http->requests.size() == 4u);
  BOOST_CHECK(unreachable->code() == errc::unreachable);
  BOOST_TEST(unreachable->words() ==
             "POST http://hub/hub/api/users/u: connection refused (given up after 4 attempts)");
  BOOST_TEST(unreachable->client_words() == "JupyterHub cannot be reached");

  http->say({answer_of(502, hub_says("no database"))});
  auto broken = create();
  advance(1h);
  BOOST_TEST(http->requests.size() == 8u);
  BOOST_CHECK(broken->code() == errc::upstream_error);
  BOOST_TEST(broken->words() ==
             "POST http://hub/hub/api/users/u: JupyterHub answered 502: no database");
  BOOST_TEST(broken->client_words() == "JupyterHub answered 502: no database");
}

BOOST_AUTO_TEST_CASE(a_silent_hub_is_given_up_after_four_timeouts) {
  http->on_fetch = nullptr;
  auto asked = create();
  advance(4 * 30s + 28s - 1ms);
  BOOST_TEST(!asked->done());
  advance(1ms);
  BOOST_CHECK(asked->code() == errc::timeout);
  BOOST_TEST(http->requests.size() == 4u);
}

BOOST_AUTO_TEST_CASE(refusals_are_not_retried_and_carry_the_hubs_words) {
  http->say({answer_of(400, hub_says("Too many active servers"))});
  auto asked = start();
  BOOST_CHECK(asked->code() == errc::upstream_error);
  BOOST_TEST(asked->words() ==
             "POST http://hub/hub/api/users/u/servers/: JupyterHub answered 400: "
             "Too many active servers");
  http->say({answer_of(403, hub_says("Missing scopes"))});
  auto forbidden = start();
  BOOST_TEST(forbidden->words().find("API token") != std::string::npos);
  BOOST_TEST(forbidden->client_words() == "JupyterHub answered 403: Missing scopes");
  BOOST_TEST(forbidden->words().find("s3cret") == std::string::npos);
  BOOST_TEST(http->requests.size() == 2u);
}

BOOST_AUTO_TEST_CASE(starts_servers_with_their_options) {
  http->say({answer_of(202)});
  auto asked = ask<void>(hub, start_atom::value, std::string{"u@x"}, std::string{"s 1"},
                         std::string{"{\"image\":\"i\"}"});
  BOOST_TEST(asked->value.has_value());
  BOOST_TEST(http->line(0) == "POST http://hub/hub/api/users/u@x/servers/s%201");
  BOOST_TEST(http->requests[0].body == "{\"image\":\"i\"}");
}

BOOST_AUTO_TEST_CASE(a_server_that_runs_is_an_error_on_the_first_try_and_success_on_a_repeat) {
  http->say({answer_of(400, hub_says("u is already running"))});
  BOOST_CHECK(start()->code() == errc::already_running);
  http->say({answer_of(500), answer_of(400, hub_says("u is already running"))});
  auto repeated = start();
  advance(4s);
  BOOST_TEST(repeated->value.has_value());
}

BOOST_AUTO_TEST_CASE(what_is_gone_needs_no_removal) {
  http->say({answer_of(404)});
  BOOST_TEST(stop()->value.has_value());
  BOOST_TEST(remove()->value.has_value());
  http->say({answer_of(204)});
  BOOST_TEST(stop()->value.has_value());
  BOOST_TEST(remove()->value.has_value());
}

BOOST_AUTO_TEST_CASE(a_users_servers_are_listed) {
  http->say({answer_of(502), answer_of(200, R"({"servers": {"": {}, "x": {}}})")});
  auto servers = ask<std::vector<std::string>>(hub, list_atom::value, std::string{"a b"});
  advance(4s);
  BOOST_REQUIRE(servers->value.has_value());
  BOOST_TEST((*servers->value == std::vector<std::string>{"", "x"}));
  BOOST_TEST(http->line(0) == "GET http://hub/hub/api/users/a%20b");
  http->say({answer_of(404, hub_says("no such user"))});
  auto nobody = ask<std::vector<std::string>>(hub, list_atom::value, std::string{"u"});
  BOOST_TEST(nobody->words().find("404: no such user") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_with_a_name_is_stopped_and_forgotten) {
  http->say({answer_of(204)});
  BOOST_TEST(
      ask<void>(hub, stop_atom::value, std::string{"u"}, std::string{"s"})->value.has_value());
  BOOST_TEST(http->line(0) == "DELETE http://hub/hub/api/users/u/servers/s");
  BOOST_TEST(http->requests[0].body == R"({"remove": true})");
}

BOOST_AUTO_TEST_CASE(a_users_server_is_stopped_before_the_user_is_deleted) {
  http->say({answer_of(204)});
  BOOST_TEST(stop()->value.has_value());
  BOOST_TEST(remove()->value.has_value());
  BOOST_REQUIRE(http->requests.size() == 3u);
  BOOST_TEST(http->line(0) == "DELETE http://hub/hub/api/users/u/server");
  BOOST_TEST(http->line(1) == "DELETE http://hub/hub/api/users/u/server");
  BOOST_TEST(http->line(2) == "DELETE http://hub/hub/api/users/u");
  // A server that cannot be stopped is the hub's matter; its word on the user counts.
  http->say({answer_of(400, hub_says("odd")), answer_of(403, hub_says("no"))});
  BOOST_CHECK(remove()->code() == errc::upstream_error);
  http->requests.clear();
  http->say({refused()});
  auto unreachable = remove();
  advance(28s);
  BOOST_CHECK(unreachable->code() == errc::unreachable);
  BOOST_TEST(http->requests.size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_user_whose_server_is_stopping_is_deleted_a_moment_later) {
  http->say({answer_of(204),
             answer_of(400, hub_says("u's server is in the process of stopping, please wait.")),
             answer_of(204)});
  auto asked = remove();
  BOOST_TEST(!asked->done());
  advance(4s);
  BOOST_TEST(asked->value.has_value());
}

BOOST_AUTO_TEST_CASE(nameless_users_are_refused) {
  BOOST_CHECK(ask<void>(hub, create_atom::value, std::string{})->code() == errc::bad_request);
  BOOST_CHECK(ask<void>(hub, delete_atom::value, std::string{})->code() == errc::bad_request);
  BOOST_TEST(http->requests.empty());
}

BOOST_AUTO_TEST_CASE(checks_once_with_three_seconds) {
  http->say({answer_of(200)});
  BOOST_TEST(ask<void>(hub, check_atom::value)->value.has_value());
  BOOST_CHECK(http->requests[0].timeout == 3s);
  http->say({answer_of(503)});
  BOOST_CHECK(ask<void>(hub, check_atom::value)->code() == errc::upstream_error);
  http->on_fetch = nullptr;
  auto silent = ask<void>(hub, check_atom::value);
  advance(3s);
  BOOST_CHECK(silent->code() == errc::timeout);
  BOOST_TEST(http->requests.size() == 3u);
}

BOOST_AUTO_TEST_CASE(progress_goes_to_the_sink_and_its_end_to_the_asker) {
  auto asked = follow();
  BOOST_TEST(http->line(0) == "GET http://hub/hub/api/users/u/server/progress");
  BOOST_CHECK(http->requests[0].idle_timeout == 60s);
  stream_says(event(0, "Server requested") + "\n\n" + event(50, "Pulling").substr(0, 9));
  stream_says(event(50, "Pulling").substr(9));
  BOOST_REQUIRE(told.size() == 2u);
  BOOST_TEST(told[0].message == "Server requested");
  BOOST_TEST(told[1].percent == 50u);
  BOOST_TEST(!asked->done());
  stream_says(event(100, "Server ready", ", \"ready\": true, \"url\": \"/user/u/\"") +
              event(100, "after the end"));
  BOOST_REQUIRE(asked->value.has_value());
  BOOST_TEST(asked->value->ready);
  BOOST_TEST(asked->value->url == "/user/u/");
  BOOST_TEST(told.size() == 2u);
  BOOST_TEST(http->streams[0].stopped);
}

BOOST_AUTO_TEST_CASE(a_failed_start_is_an_answer_too) {
  auto asked = follow();
  stream_says(event(100, "Spawn failed: no memory", ", \"failed\": true"));
  BOOST_REQUIRE(asked->value.has_value());
  BOOST_TEST(asked->value->failed);
  BOOST_TEST(asked->value->message == "Spawn failed: no memory");
}

BOOST_AUTO_TEST_CASE(a_stream_that_ends_without_a_verdict_is_an_error) {
  auto asked = follow();
  stream_says(event(50, "Pulling"));
  stream_ends(answer_of(200));
  BOOST_CHECK(asked->code() == errc::upstream_error);
  BOOST_TEST(asked->words() ==
             "GET http://hub/hub/api/users/u/server/progress: JupyterHub ended the progress stream "
             "without saying ready or failed");
  BOOST_TEST(asked->client_words() ==
             "JupyterHub ended the progress stream without saying ready or failed");
}

BOOST_AUTO_TEST_CASE(a_refused_stream_is_an_error) {
  auto asked = follow();
  stream_ends(answer_of(400, hub_says("u is not starting...")));
  BOOST_CHECK(asked->code() == errc::upstream_error);
  BOOST_TEST(asked->words().find("JupyterHub answered 400: u is not starting...") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_lost_hub_is_asked_again_and_repeats_are_not_told_twice) {
  auto asked = follow();
  stream_says(event(0, "Server requested") + event(50, "Pulling"));
  stream_breaks(make_error(errc::unreachable, "the connection was closed"));
  advance(3'999ms);
  BOOST_TEST(http->streams.size() == 1u);
  advance(1ms);
  BOOST_REQUIRE(http->streams.size() == 2u);
  stream_says(event(0, "Server requested") + event(50, "Pulling") + event(70, "Starting"));
  BOOST_TEST(told.size() == 3u);
  stream_ends(answer_of(502));
  advance(8s);
  BOOST_REQUIRE(http->streams.size() == 3u);
  stream_says(event(100, "ready", ", \"ready\": true"));
  BOOST_TEST(asked->value->ready);
}

BOOST_AUTO_TEST_CASE(words_of_a_dead_connection_are_not_heard_any_more) {
  follow();
  auto old = http->streams.back();
  stream_breaks(make_error(errc::unreachable, "the connection was closed"));
  tell(old.sink, chunk_atom::value, old.ticket, event(50, "late"));
  advance(4s);
  tell(old.sink, chunk_atom::value, old.ticket, event(50, "late"));
  tell(old.sink, end_atom::value, old.ticket, answer_of(200));
  BOOST_TEST(told.empty());
  BOOST_TEST(!http->streams.back().stopped);
}

BOOST_AUTO_TEST_CASE(a_hub_that_stays_away_is_given_up) {
  http->on_stream = [](const http_request& request) {
    return make_error(errc::unreachable, "GET " + request.url + ": connection refused");
  };
  auto asked = follow();
  advance(28s - 1ms);
  BOOST_TEST(!asked->done());
  advance(1ms);
  BOOST_CHECK(asked->code() == errc::unreachable);
  BOOST_TEST(asked->words() ==
             "GET http://hub/hub/api/users/u/server/progress: connection refused "
             "(given up after 4 attempts)");
  BOOST_TEST(asked->client_words() == "JupyterHub cannot be reached (given up after 4 attempts)");
  BOOST_TEST(http->requests.size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_never_ready_meets_the_launch_timeout) {
  auto asked = follow();
  for (int i = 0; i < 60; ++i) {
    stream_says(event(i, "Pulling"));
    if (i < 59) advance(10s);
  }
  advance(10s - 1ms);
  BOOST_TEST(!asked->done());
  advance(1ms);
  BOOST_CHECK(asked->code() == errc::timeout);
  BOOST_TEST(asked->words().find("the server was not ready within 600 s") != std::string::npos);
  BOOST_TEST(http->streams[0].stopped);
}

BOOST_AUTO_TEST_CASE(unreadable_and_endless_events_end_the_stream) {
  auto unreadable = follow();
  stream_says("data: <html>\n\n");
  BOOST_CHECK(unreadable->code() == errc::bad_answer);
  auto endless = follow();
  for (int i = 0; i < 20 && !endless->done(); ++i) stream_says(std::string(64 * 1024, 'x'));
  BOOST_CHECK(endless->code() == errc::too_large);
}

BOOST_AUTO_TEST_CASE(the_sinks_death_ends_the_stream) {
  auto asked = follow();
  auto before = alive();
  end(sink);
  BOOST_TEST(http->streams[0].stopped);
  BOOST_CHECK(asked->code() == errc::cancelled);
  BOOST_TEST(alive() < before);
}

BOOST_AUTO_TEST_CASE(the_hub_actors_end_answers_every_asker) {
  http->on_fetch = nullptr;
  auto created = create();
  auto retrying = start();
  auto followed = follow();
  end(hub);
  BOOST_CHECK(created->code() == errc::shutting_down);
  BOOST_CHECK(retrying->code() == errc::shutting_down);
  BOOST_CHECK(followed->code() == errc::shutting_down);
  BOOST_TEST(http->streams[0].stopped);
}

BOOST_AUTO_TEST_CASE(lists_servers_page_by_page) {
  http->say({answer_of(200, R"({"items": [{"name": "a", "servers": {"": {}}}],
                                "_pagination": {"next": {"offset": 200}}})"),
             answer_of(503), answer_of(200, R"({"items": [{"name": "b", "servers": {"s": {}}}],
                                "_pagination": {"next": null}})")});
  auto listed = ask<hub_server_list>(hub, list_atom::value);
  advance(1s);
  BOOST_REQUIRE(listed->value.has_value());
  BOOST_REQUIRE(listed->value->servers.size() == 2u);
  BOOST_TEST(listed->value->servers[0].key == "a/");
  BOOST_TEST(listed->value->servers[1].key == "b/s");
  BOOST_TEST(http->requests[2].url == "http://hub/hub/api/users?state=active&limit=200&offset=200");
}

BOOST_AUTO_TEST_CASE(a_list_that_leads_in_circles_ends) {
  http->say({answer_of(200, R"({"items": [], "_pagination": {"next": {"offset": 0}}})")});
  BOOST_TEST(ask<hub_server_list>(hub, list_atom::value)->done());
  BOOST_TEST(http->requests.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_list_that_is_refused_says_what_to_check) {
  http->say({answer_of(403, R"({"message": "no"})")});
  auto listed = ask<hub_server_list>(hub, list_atom::value);
  BOOST_CHECK(listed->code() == errc::upstream_error);
  BOOST_TEST(listed->words().find("scopes") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
