#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/hub/api.hpp"
#include "runtime/hub/progress.hpp"
#include "runtime/hub/server_list.hpp"
#include "runtime/hub/user_options.hpp"

using namespace bindery;

BOOST_AUTO_TEST_SUITE(hub_wire)

BOOST_AUTO_TEST_CASE(names_are_escaped_but_for_at_and_tilde) {
  BOOST_TEST(escape_hub_name("jane@example.org~x") == "jane@example.org~x");
  BOOST_TEST(escape_hub_name("a/../b?c#d%") == "a%2F..%2Fb%3Fc%23d%25");
  BOOST_TEST(hub_server_path("u", "") == "users/u/server");
  BOOST_TEST(hub_server_path("u/x", "s y") == "users/u%2Fx/servers/s%20y");
}

BOOST_AUTO_TEST_CASE(requests_carry_the_token_in_their_header_only) {
  hub_address hub{"http://hub/hub/api", "s3cret"};
  auto start = hub_start_request(hub, "u", "", "{}");
  BOOST_TEST(start.method == "POST");
  BOOST_TEST(start.url == "http://hub/hub/api/users/u/servers/");
  BOOST_TEST(start.body == "{}");
  BOOST_TEST(find_header(start.headers, "authorization") == "token s3cret");
  BOOST_TEST(to_string(start) == "http_request(POST http://hub/hub/api/users/u/servers/)");
  hub.api_url += '/';
  BOOST_TEST(hub_check_request(hub).url == "http://hub/hub/api/");
  BOOST_TEST(hub_create_user_request(hub, "a b").url == "http://hub/hub/api/users/a%20b");
  BOOST_TEST(hub_delete_user_request(hub, "u").method == "DELETE");
  BOOST_TEST(hub_stop_request(hub, "u", "s").url == "http://hub/hub/api/users/u/servers/s");
  auto progress = hub_progress_request(hub, "u", "");
  BOOST_TEST(progress.url == "http://hub/hub/api/users/u/server/progress");
  BOOST_TEST(find_header(progress.headers, "accept") == "text/event-stream");
}

BOOST_AUTO_TEST_CASE(user_options_have_the_names_that_spawners_read) {
  auto body = nlohmann::json::parse(encode_user_options(
      {"img:1", "https://r", "t", "ref", "host", "v2/gh/a/b/c", "p", "1.2.3.4"}));
  BOOST_TEST(body.size() == 8u);
  BOOST_TEST(body["image"] == "img:1");
  BOOST_TEST(body["repo_url"] == "https://r");
  BOOST_TEST(body["token"] == "t");
  BOOST_TEST(body["binder_ref_url"] == "ref");
  BOOST_TEST(body["binder_launch_host"] == "host");
  BOOST_TEST(body["binder_request"] == "v2/gh/a/b/c");
  BOOST_TEST(body["binder_persistent_request"] == "p");
  BOOST_TEST(body["binder_client_ip"] == "1.2.3.4");
  hub_user_options strange;
  strange.image = "a\xff";
  BOOST_CHECK_NO_THROW(nlohmann::json::parse(encode_user_options(strange)));
}

BOOST_AUTO_TEST_CASE(progress_events_are_read) {
  auto event = decode_progress(R"({"progress": 50, "message": "Pulling", "raw_event": {"a": 1}})");
  BOOST_REQUIRE(event);
  BOOST_TEST(event->percent == 50u);
  BOOST_TEST(event->message == "Pulling");
  BOOST_TEST(!event->ready);
  BOOST_TEST(!event->failed);
  auto ready = decode_progress(
      R"({"progress": 100, "ready": true, "message": "Server ready", "url": "/user/u/"})");
  BOOST_TEST(ready->ready);
  BOOST_TEST(ready->url == "/user/u/");
  auto failed = decode_progress(R"({"progress": 100, "failed": true, "message": "Spawn failed"})");
  BOOST_TEST(failed->failed);
  BOOST_TEST(failed->message == "Spawn failed");
}

BOOST_AUTO_TEST_CASE(strange_progress_events_do_no_harm) {
  auto strange = decode_progress(
      R"({"progress": 1e300, "message": 7, "ready": "yes", "failed": null, "url": []})");
  BOOST_REQUIRE(strange);
  BOOST_TEST(strange->percent == 100u);
  BOOST_TEST(strange->message == "");
  BOOST_TEST(!strange->ready);
  BOOST_TEST(decode_progress(R"({"progress": -5})")->percent == 0u);
  BOOST_TEST(decode_progress(R"({"progress": 12.9})")->percent == 12u);
  BOOST_TEST(decode_progress(R"({"ready": true, "failed": true})")->failed);
  BOOST_TEST(!decode_progress(R"({"ready": true, "failed": true})")->ready);
  for (auto data : {"", "[]", "7", "{", "null", "\"ready\"", "{\"a\": \"\xff\"}"})
    BOOST_TEST(!decode_progress(data), data);
}

BOOST_AUTO_TEST_CASE(the_hubs_own_words_are_one_bounded_line) {
  http_response response;
  response.status = 400;
  response.body = R"({"status": 400, "message": "bob is already running\nx"})";
  BOOST_TEST(hub_message(response) == "bob is already running x");
  response.body = "{\"message\": \"" + std::string(10'000, 'a') + "\"}";
  BOOST_TEST(hub_message(response).size() < 400u);
  for (auto body : {"", "<html>", "[]", "{\"message\": 3}", "{\"message\": \"\"}"}) {
    response.body = body;
    BOOST_TEST(hub_message(response) == "");
  }
}

BOOST_AUTO_TEST_CASE(active_servers_come_in_pages) {
  auto request = hub_server_page_request({"http://hub/hub/api", "s3cret"}, 400);
  BOOST_TEST(request.url == "http://hub/hub/api/users?state=active&limit=200&offset=400");
  BOOST_TEST(find_header(request.headers, "accept") == "application/jupyterhub-pagination+json");
  auto page = decode_server_page(
      R"({"items": [{"name": "a", "servers": {"": {"user_options": {"image": "r/x:1"}},
                                             "s": {"user_options": {"image": 7}}}},
                    {"name": "b", "servers": {"": {"user_options": null}}},
                    {"name": "c", "servers": {}}],
          "_pagination": {"next": {"offset": 200}}})");
  BOOST_REQUIRE(page);
  std::string all;
  for (const auto& server : page->servers) all += server.key + "=" + server.image + " ";
  BOOST_TEST(all == "a/=r/x:1 a/s= b/= ");
  BOOST_TEST(page->next_offset.value() == 200u);
  auto last = decode_server_page(R"({"items": [], "_pagination": {"next": null}})");
  BOOST_REQUIRE(last);
  BOOST_TEST(!last->next_offset.has_value());
}

BOOST_AUTO_TEST_CASE(lists_of_servers_that_cannot_be_read) {
  auto why = [](const std::string& body) { return decode_server_page(body).error(); };
  for (auto body : {"", "[]", "{}", R"({"items": 3, "_pagination": {}})", R"({"items": []})",
                    R"({"items": [3], "_pagination": {}})",
                    R"({"items": [{"servers": {}}], "_pagination": {}})"})
    BOOST_CHECK(code_of(why(body)) == errc::bad_answer);
  auto hidden = why(R"({"items": [{"name": "a"}], "_pagination": {}})");
  BOOST_CHECK(code_of(hidden) == errc::upstream_error);
  BOOST_TEST(describe(hidden).find("read:servers") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
