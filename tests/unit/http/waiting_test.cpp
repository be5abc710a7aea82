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

/// A server whose history is played by the test.
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
    history = nullptr;
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
  auto head = get("/api/estimate/gh/known", "", "HEAD");
  BOOST_TEST(status_of(head) == 200);
  BOOST_TEST(body_of(head).empty());
}

BOOST_FIXTURE_TEST_CASE(what_names_no_repository_is_not_found, waiting_world) {
  for (std::string path :
       {"/api/estimate/zz/a", "/api/estimate/gh/bad", "/api/estimate/gh/", "/api/estimate/gh",
        "/api/estimate/", "/api/estimate//a", "/api/estimate/gh/a/../b"}) {
    auto answer = get(path);
    BOOST_TEST(status_of(answer) == 404, path);
    BOOST_TEST(field_of(answer, "Cache-Control") == "no-store");
    auto json = nlohmann::json::parse(body_of(answer), nullptr, false);
    BOOST_REQUIRE_MESSAGE(json.is_object(), answer);
    BOOST_TEST(json["status"].get<int>() == 404);
    BOOST_TEST(json["message"].is_string());
  }
}

BOOST_AUTO_TEST_CASE(what_is_turned_off_is_not_found) {
  waiting_world api{[](site& place) { place.api_only = true; }};
  BOOST_TEST(status_of(api.get("/api/estimate/gh/known")) == 404);
}

BOOST_AUTO_TEST_SUITE_END()
