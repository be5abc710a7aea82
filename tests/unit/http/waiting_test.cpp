#include <boost/test/unit_test.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <nlohmann/json.hpp>

#include "http_world.hpp"
#include "runtime/error.hpp"
#include "socket_client.hpp"

using namespace bindery;
using namespace bindery::test;

namespace {

/// A server whose history and previews are played by the test.
struct waiting_world {
  explicit waiting_world(const std::function<void(site&)>& change = {}) {
    world = std::make_unique<http_world>(http_world::quick(), [&](site& place) {
      auto& system = place.desk->home_system();
      place.history = history = system.spawn([]() -> launch_history_actor::behavior_type {
        return {
            [](event_atom, const stage_time&) {},
            [](count_atom, const std::string& repository) {
              launch_estimate known;
              if (repository == "gh/known") known = {3, 2, {349, 2'100, 61'000, -1, 8'250}};
              return known;
            },
            [](end_atom) {},
        };
      });
      place.previews = previews = system.spawn([]() -> previews_actor::behavior_type {
        return {[](fetch_atom, const std::string& prefix,
                   const std::string& spec) -> caf::result<repository_preview> {
          if (spec == "long/r/HEAD")
            return repository_preview{"README.md", std::string(200'000, 'x'), "https://forge/",
                                      "https://forge/blob/", true};
          if (spec == "busy/r/HEAD") return make_error(errc::too_many_requests, "Too many");
          if (spec == "broken/r/HEAD") return make_error(errc::io_failed, "/secret/path");
          if (spec == "banned/r/HEAD") return make_error(errc::banned_spec, "not allowed here");
          return repository_preview{"README.md", prefix + " <" + spec + "> \xc3\xa9",
                                    "https://forge/", "https://forge/blob/", false};
        }};
      });
      place.name_repository = [](std::string_view prefix,
                                 std::string_view spec) -> caf::expected<std::string> {
        if (prefix != "gh") return make_error(errc::unknown_provider, "No such provider");
        if (spec == "bad") return make_error(errc::bad_spec, "no \"spec\"");
        return "gh/" + std::string{spec};
      };
      if (change) change(place);
    });
  }
  ~waiting_world() {
    world->server.reset();
    caf::anon_send_exit(history, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(previews, caf::exit_reason::user_shutdown);
    history = nullptr;
    previews = nullptr;
  }

  std::string get(const std::string& target, const std::string& fields = "",
                  const std::string& method = "GET") {
    socket_client client{world->port()};
    client.send(method + " " + target + " HTTP/1.1\r\nHost: b.example\r\nConnection: close\r\n" +
                fields + "\r\n");
    client.read_to_end();
    return client.received();
  }
  static std::string body_of(const std::string& answer) {
    return answer.substr(answer.find("\r\n\r\n") + 4);
  }

  launch_history_actor history;
  previews_actor previews;
  std::unique_ptr<http_world> world;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(waiting_suite)

BOOST_FIXTURE_TEST_CASE(estimates_are_medians_in_seconds, waiting_world) {
  auto known = get("/api/estimate/gh/known");
  BOOST_TEST(status_of(known) == 200);
  BOOST_TEST(field_of(known, "Content-Type") == "application/json; charset=utf-8");
  BOOST_TEST(field_of(known, "Cache-Control") == "no-store");
  BOOST_TEST(body_of(known) ==
             R"({"launches":3,"builds":2,"seconds":{"resolve":0.3,"fetch":2.1,"build":61.0,)"
             R"("launch":8.3}})");
  BOOST_TEST(body_of(get("/api/estimate/gh/other%2Fescaped/HEAD")) ==
             R"({"launches":0,"builds":0,"seconds":{}})");
  BOOST_TEST(body_of(get("/api/estimate/gh/known/")) == body_of(known));
  auto head = get("/api/estimate/gh/known", "", "HEAD");
  BOOST_TEST(status_of(head) == 200);
  BOOST_TEST(body_of(head).empty());
}

BOOST_FIXTURE_TEST_CASE(what_names_no_repository_is_not_found, waiting_world) {
  for (std::string path :
       {"/api/estimate/zz/a", "/api/estimate/gh/bad", "/api/estimate/gh/", "/api/estimate/gh",
        "/api/estimate/", "/api/estimate//a", "/api/estimate/gh/a/../b", "/api/preview/gh",
        "/api/preview/gh/", "/api/preview//x", "/api/preview/gh//", "/api/preview/gh/%0a",
        "/api/preview/gh/banned/r/HEAD"}) {
    auto answer = get(path);
    BOOST_TEST(status_of(answer) == 404, path);
    BOOST_TEST(field_of(answer, "Cache-Control") == "no-store");
    auto json = nlohmann::json::parse(body_of(answer), nullptr, false);
    BOOST_REQUIRE_MESSAGE(json.is_object(), answer);
    BOOST_TEST(json["status"].get<int>() == 404);
    BOOST_TEST(json["message"].is_string());
  }
}

BOOST_FIXTURE_TEST_CASE(a_preview_is_the_readmes_text, waiting_world) {
  auto found = get("/api/preview/git/https%3A%2F%2Fh%2Fr/HEAD");
  BOOST_TEST(status_of(found) == 200);
  auto json = nlohmann::json::parse(body_of(found));
  BOOST_TEST(json["text"].get<std::string>() == "git <https%3A%2F%2Fh%2Fr/HEAD> \xc3\xa9");
  BOOST_TEST(body_of(get("/api/preview/git/https%3A%2F%2Fh%2Fr/HEAD//")) == body_of(found));
  BOOST_TEST(json["name"].get<std::string>() == "README.md");
  BOOST_TEST(json["url"].get<std::string>() == "https://forge/");
  BOOST_TEST(json["files"].get<std::string>() == "https://forge/blob/");
  BOOST_TEST(!json.contains("cut"));
  auto cut = nlohmann::json::parse(body_of(get("/api/preview/gh/long/r/HEAD")));
  BOOST_TEST(cut["cut"].get<bool>());
  BOOST_TEST(cut["text"].get<std::string>().size() == 200'000U);
  auto coded = get("/api/preview/gh/long/r/HEAD", "Accept-Encoding: gzip\r\n");
  BOOST_TEST(field_of(coded, "Content-Encoding") == "gzip");
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_told_now_is_told_so_and_no_more, waiting_world) {
  auto busy = get("/api/preview/gh/busy/r/HEAD");
  BOOST_TEST(status_of(busy) == 503);
  BOOST_TEST(field_of(busy, "Retry-After") == "5");
  auto broken = get("/api/preview/gh/broken/r/HEAD");
  BOOST_TEST(status_of(broken) == 503);
  BOOST_TEST(broken.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_turned_off_is_not_found) {
  waiting_world api{[](site& place) { place.api_only = true; }};
  for (std::string path : {"/api/estimate/gh/known", "/api/preview/gh/u/r/HEAD"})
    BOOST_TEST(status_of(api.get(path)) == 404, path);
  waiting_world off{[](site& place) { place.previews = nullptr; }};
  BOOST_TEST(off.get("/api/preview/gh/u/r/HEAD").find("repository_preview") != std::string::npos);
  BOOST_TEST(status_of(off.get("/api/estimate/gh/known")) == 200);
}

BOOST_AUTO_TEST_SUITE_END()
