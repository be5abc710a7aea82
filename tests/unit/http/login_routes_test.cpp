#include <chrono>

#include <boost/test/unit_test.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "http/router.hpp"
#include "http_world.hpp"
#include "runtime/error.hpp"
#include "socket_client.hpp"

using namespace bindery;
using namespace bindery::test;

namespace {

constexpr const char* stream = "Accept: text/event-stream\r\n";
constexpr const char* by_script = "Sec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-origin\r\n";

std::shared_ptr<const logins> some_logins() {
  login_site place;
  place.client = {"service-binder", "s3cret", "http://b.example/oauth_callback",
                  "https://hub.example/hub/api/oauth2/authorize", "http://hub/hub/api"};
  place.access_scopes = {"access:services!service=binder"};
  place.hub_logout_url = "https://hub.example/hub/logout";
  auto made = logins::make(std::move(place));
  BOOST_REQUIRE(made);
  return std::make_shared<const logins>(std::move(*made));
}

hub_identity person(const std::string& name, const std::string& scope) {
  return {name, "user", {scope}};
}

const auto alice = person("alice", "access:services!service=binder");
const auto mallory = person("mallory", "access:services!service=other");

login_actor::behavior_type scripted_hub() {
  return {
      [](check_atom, const std::string& token, const std::string&) -> caf::result<hub_identity> {
        if (token == "alices") return alice;
        if (token == "bobs") return person("bob", "access:services");
        if (token == "mallorys") return mallory;
        if (token == "services") return hub_identity{"bot", "service", {"access:services"}};
        if (token == "slow")
          return make_error(errc::unreachable, "GET http://hub/: refused", "The hub is away");
        return make_error(errc::forbidden, "JupyterHub knows no such token");
      },
      [](create_atom, const std::string& code) -> caf::result<hub_login> {
        if (code == "alices-code") return hub_login{"alices", alice};
        if (code == "mallorys-code") return hub_login{"mallorys", mallory};
        return make_error(errc::forbidden, "This login cannot be finished");
      },
      [](delete_atom, const std::string&) {},
  };
}

/// A whole HTTP server whose hub is played by the test.
struct login_world {
  login_world() {
    world = std::make_unique<http_world>(http_world::quick(), [this](site& place) {
      // The system is there already; the server comes next.
      place.who_may = who_may;
      place.login = hub = system_of(place)->spawn(scripted_hub);
      place.providers_json = R"([{"displayName":"GitHub","id":"gh"}])";
    });
  }
  ~login_world() {
    world->server.reset();
    caf::anon_send_exit(hub, caf::exit_reason::user_shutdown);
    hub = nullptr;
  }
  static caf::actor_system* system_of(site& place) { return &place.desk->home_system(); }

  std::string get(const std::string& target, const std::string& fields = "") {
    socket_client client{world->port()};
    client.send("GET " + target + " HTTP/1.1\r\nHost: b.example\r\nConnection: close\r\n" + fields +
                "\r\n");
    client.read_to_end();
    return client.received();
  }
  std::string cookie(const std::string& token) const {
    auto set = who_may->session_cookies(token, "", false, std::chrono::system_clock::now());
    return "Cookie: " + set[0].substr(0, set[0].find(';')) + "\r\n";
  }
  std::string xsrf(const std::string& token) const {
    return "X-XSRFToken: " + who_may->xsrf_for(token) + "\r\n";
  }

  std::shared_ptr<const logins> who_may = some_logins();
  login_actor hub;
  std::unique_ptr<http_world> world;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(login_routes_suite)

BOOST_FIXTURE_TEST_CASE(pages_lead_to_the_login_and_programs_routes_do_not, login_world) {
  for (std::string path : {"/", "/v2/gh/a/b/HEAD", "/repo/u/r", "/no/such/page"}) {
    auto answer = get(path);
    BOOST_TEST(status_of(answer) == 302, path);
    BOOST_TEST(field_of(answer, "Location").find("https://hub.example/hub/api/oauth2/") == 0U);
    BOOST_TEST(has(field_of(answer, "Set-Cookie"), "service-binder-oauth-state-"));
    BOOST_TEST(field_of(answer, "Cache-Control") == "no-store");
  }
  for (std::string path : {"/versions", "/health", "/metrics", "/api/repoproviders", "/_config",
                           "/badge.svg", "/badge_logo.svg", "/static/bindery.css", "/favicon.ico"})
    BOOST_TEST(status_of(get(path)) == 200, path);
}

BOOST_FIXTURE_TEST_CASE(scripts_are_refused_in_json_never_by_a_redirect, login_world) {
  for (std::string path : {"/api/estimate/gh/u/r/HEAD", "/api/preview/gh/u/r/HEAD"}) {
    for (const auto& [fields, status] :
         {std::pair{std::string{}, 403}, std::pair{cookie("strangers"), 403},
          std::pair{cookie("mallorys"), 403}, std::pair{cookie("slow"), 503}}) {
      auto answer = get(path, fields);
      BOOST_TEST(status_of(answer) == status, path);
      BOOST_TEST(field_of(answer, "Location").empty());
      BOOST_TEST(field_of(answer, "Content-Type") == "application/json; charset=utf-8");
      BOOST_TEST(has(answer, "\"status\":" + std::to_string(status)));
    }
    // Who may come in learns that this world has neither. What only reads needs no proof.
    BOOST_TEST(status_of(get(path, by_script + cookie("alices"))) == 404);
    BOOST_TEST(status_of(get(path, "Authorization: token bobs\r\n")) == 404);
  }
}

BOOST_FIXTURE_TEST_CASE(the_text_of_a_log_needs_a_login_and_its_page_the_proof, login_world) {
  const std::string path = "/build-log/aaaaaaaaaaaaaaaaaaaaaaaa";
  const std::string page = "Accept: text/html\r\n";
  for (const auto& fields :
       {std::string{}, page, cookie("strangers"), page + by_script + cookie("alices")})
    BOOST_TEST(status_of(get(path, fields)) == 302);
  // There are no logs in this world.
  auto text = get(path, by_script + cookie("alices"));
  BOOST_TEST(status_of(text) == 404);
  BOOST_TEST(!has(text, who_may->xsrf_for("alices")));
  BOOST_TEST(status_of(get(path + "?raw", page + by_script + cookie("alices"))) == 404);
  auto shown = get(path, page + cookie("alices"));
  BOOST_TEST(status_of(shown) == 404);
  BOOST_TEST(field_of(shown, "Cache-Control") == "no-store");
}

BOOST_FIXTURE_TEST_CASE(a_launch_is_refused_by_an_event_never_by_a_redirect, login_world) {
  auto answer = get("/build/gh/a/b/HEAD", stream);
  BOOST_TEST(status_of(answer) == 200);
  BOOST_TEST(field_of(answer, "content-type") == "text/event-stream");
  BOOST_TEST(has(answer, "\"phase\":\"failed\""));
  BOOST_TEST(has(answer, "\"status_code\":403"));
  BOOST_TEST(has(get("/build/gh/a/b/HEAD", stream + cookie("strangers")), "\"status_code\":403"));
  BOOST_TEST(has(get("/build/gh/a/b/HEAD", std::string{stream} + "Authorization: token no\r\n"),
                 "\"status_code\":403"));
  BOOST_TEST(has(get("/build/gh/a/b/HEAD"), "\"status_code\":400"));
  BOOST_TEST(world->asked->size() == 0U);
}

BOOST_FIXTURE_TEST_CASE(who_is_logged_in_launches_for_themself, login_world) {
  socket_client client{world->port()};
  client.send("GET /build/gh/a/b/HEAD HTTP/1.1\r\nHost: b\r\n" + std::string{stream} +
              cookie("alices") + "\r\n");
  BOOST_TEST(world->asked->await(0).launch.user == "alice");
  socket_client program{world->port()};
  program.send("GET /build/gh/a/b/HEAD HTTP/1.1\r\nHost: b\r\n" + std::string{stream} +
               "Authorization: Bearer bobs\r\n" + by_script + "\r\n");
  BOOST_TEST(world->asked->await(1).launch.user == "bob");
}

BOOST_FIXTURE_TEST_CASE(a_scripts_launch_needs_the_pages_proof, login_world) {
  auto request = std::string{stream} + by_script + cookie("alices");
  BOOST_TEST(has(get("/build/gh/a/b/HEAD", request), "_xsrf"));
  BOOST_TEST(has(get("/build/gh/a/b/HEAD", request + xsrf("bobs")), "_xsrf"));
  BOOST_TEST(world->asked->size() == 0U);
  socket_client client{world->port()};
  client.send("GET /build/gh/a/b/HEAD HTTP/1.1\r\nHost: b\r\n" + request + xsrf("alices") + "\r\n");
  BOOST_TEST(world->asked->await(0).launch.user == "alice");
  socket_client page{world->port()};
  page.send("GET /build/gh/a/b/HEAD?_xsrf=" + who_may->xsrf_for("alices") +
            " HTTP/1.1\r\nHost: b\r\n" + request + "\r\n");
  BOOST_TEST(world->asked->await(1).launch.user == "alice");
}

BOOST_FIXTURE_TEST_CASE(who_lacks_the_scope_stays_outside, login_world) {
  auto page = get("/", cookie("mallorys"));
  BOOST_TEST(status_of(page) == 403);
  BOOST_TEST(has(page, "mallory"));
  auto launch = get("/build/gh/a/b/HEAD", stream + cookie("mallorys"));
  BOOST_TEST(has(launch, "\"status_code\":403"));
  BOOST_TEST(has(launch, "mallory"));
}

BOOST_FIXTURE_TEST_CASE(a_service_may_look_but_has_no_servers, login_world) {
  const std::string token = "Authorization: token services\r\n";
  BOOST_TEST(status_of(get("/", token)) == 200);
  auto launch = get("/build/gh/a/b/HEAD", stream + token);
  BOOST_TEST(has(launch, "\"status_code\":403"));
  BOOST_TEST(has(launch, "service of JupyterHub"));
}

BOOST_FIXTURE_TEST_CASE(a_hub_that_cannot_answer_is_no_logout, login_world) {
  auto page = get("/", cookie("slow"));
  BOOST_TEST(status_of(page) == 503);
  BOOST_TEST(!has(page, "Set-Cookie"));
  auto launch = get("/build/gh/a/b/HEAD", stream + cookie("slow"));
  BOOST_TEST(has(launch, "\"status_code\":503"));
  for (const auto& told : {page, launch}) {
    BOOST_TEST(has(told, "The hub is away"));
    BOOST_TEST(!has(told, "http://hub/"));
  }
}

BOOST_FIXTURE_TEST_CASE(a_page_names_who_is_logged_in_and_is_kept_by_no_cache, login_world) {
  auto page = get("/", cookie("alices"));
  BOOST_TEST(status_of(page) == 200);
  BOOST_TEST(field_of(page, "Cache-Control") == "no-store");
  BOOST_TEST(has(page, "alice"));
  auto set = field_of(page, "Set-Cookie");
  BOOST_TEST(set.find("_xsrf=" + who_may->xsrf_for("alices")) == 0U);
  BOOST_TEST(has(get("/v2/gh/a/b/HEAD", cookie("alices")), who_may->xsrf_for("alices")));
}

BOOST_FIXTURE_TEST_CASE(a_login_comes_back_once_to_the_page_it_began_on, login_world) {
  auto way = get("/v2/gh/a/b/HEAD?urlpath=x");
  auto set = field_of(way, "Set-Cookie");
  auto jar = "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
  auto location = field_of(way, "Location");
  auto state = location.substr(location.rfind("state=") + 6);
  auto back = [&](const std::string& query, const std::string& fields) {
    return get("/oauth_callback?" + query, fields);
  };
  BOOST_TEST(status_of(back("code=alices-code", jar)) == 400);
  BOOST_TEST(status_of(back("state=" + state, jar)) == 400);
  BOOST_TEST(status_of(back("error=access_denied&error_description=%3Cscript%3E", jar)) == 400);
  BOOST_TEST(!has(back("error=x&error_description=%3Cscript%3E", jar), "<script>"));
  BOOST_TEST(status_of(back("code=alices-code&state=" + state, "")) == 403);
  BOOST_TEST(status_of(back("code=alices-code&state=" + std::string(22, 'A'), jar)) == 403);
  BOOST_TEST(status_of(back("code=used&state=" + state, jar)) == 403);
  auto outside = back("code=mallorys-code&state=" + state, jar);
  BOOST_TEST(status_of(outside) == 403);
  BOOST_TEST(!has(outside, "service-binder=ey"));
  BOOST_TEST(!has(outside, "Max-Age=1209600"));
  auto in = back("code=alices-code&state=" + state, jar);
  BOOST_TEST(status_of(in) == 302);
  BOOST_TEST(field_of(in, "Location") == "/v2/gh/a/b/HEAD?urlpath=x");
  BOOST_TEST(has(in, "Set-Cookie: service-binder="));
  BOOST_TEST(has(in, "Set-Cookie: " + set.substr(0, set.find('=')) + "=; "));
}

BOOST_FIXTURE_TEST_CASE(only_a_page_of_ours_logs_out, login_world) {
  auto asks = get("/logout", cookie("alices"));
  BOOST_TEST(status_of(asks) == 200);
  BOOST_TEST(!has(asks, "Set-Cookie"));
  BOOST_TEST(has(asks, "logout?_xsrf=" + who_may->xsrf_for("alices")));
  BOOST_TEST(status_of(get("/logout?_xsrf=guess", cookie("alices"))) == 200);
  auto out = get("/logout?_xsrf=" + who_may->xsrf_for("alices"), cookie("alices"));
  BOOST_TEST(status_of(out) == 302);
  BOOST_TEST(field_of(out, "Location") == "https://hub.example/hub/logout");
  BOOST_TEST(has(out, "Set-Cookie: service-binder=; "));
  BOOST_TEST(field_of(get("/logout"), "Location") == "https://hub.example/hub/logout");
}

// What a client says about where it was must not lead it into another user's launch.
BOOST_FIXTURE_TEST_CASE(nobody_joins_another_users_launch, login_world) {
  auto ask = [&](const std::string& token, const std::string& fields = "") {
    auto client = std::make_unique<socket_client>(world->port());
    client->send("GET /build/gh/a/b/HEAD HTTP/1.1\r\nHost: b\r\n" + std::string{stream} +
                 cookie(token) + fields + "\r\n");
    return client;
  };
  auto first = ask("alices");
  auto id = world->asked->await(0).launch.launch_id;
  world->tell(world->asked->await(0), 1, phase::waiting, "for alice");
  BOOST_TEST(first->read_until("for alice"));
  auto other = ask("bobs", "Last-Event-ID: " + id + ".1\r\n");
  BOOST_TEST(world->asked->await(1).launch.launch_id != id);
  auto again = ask("alices", "Last-Event-ID: " + id + ".0\r\n");
  BOOST_TEST(world->asked->await(2).launch.launch_id == id);
}

BOOST_AUTO_TEST_SUITE_END()
