#include "actors/registry.hpp"

#include <chrono>
#include <string>

#include "actors/container_engine.hpp"
#include "actors/registry_helper.hpp"
#include "actors/registry_stand_ins.hpp"
#include "tests/unit/actors/scripted_http_fixture.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

const std::string image = "127.0.0.1:5000/binder-x:1";

struct registry_fixture : scripted_upstream {
  registry_actor spawn_registry() {
    options.registry.url = "https://reg";
    return spawn(registry, client, options);
  }

  std::shared_ptr<asked<bool>> exists(const registry_actor& whom) {
    return ask<bool>(whom, exists_atom::value, image);
  }

  registry_options options;
};

http_response challenge(const std::string& value) {
  return answer_of(401, "{}", {{"www-authenticate", value}});
}

constexpr const char* bearer =
    R"(Bearer realm="https://auth/token",service="reg",scope="repository:binder-x:pull")";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(registry_in_virtual_time, registry_fixture)

BOOST_AUTO_TEST_CASE(says_what_the_registry_says) {
  auto reg = spawn_registry();
  http->say({answer_of(200, "{}")});
  BOOST_TEST(*exists(reg)->value == true);
  BOOST_TEST(http->line(0) == "GET https://reg/v2/binder-x/manifests/1");
  http->say({answer_of(404, "{}")});
  BOOST_TEST(*exists(reg)->value == false);
  BOOST_CHECK(ask<bool>(reg, exists_atom::value, std::string{"a b"})->code() == errc::bad_request);
}

BOOST_AUTO_TEST_CASE(three_attempts_a_second_apart) {
  auto reg = spawn_registry();
  http->say({answer_of(500), make_error(errc::unreachable, "x"), answer_of(200)});
  auto asked = exists(reg);
  advance(999ms);
  BOOST_TEST(http->requests.size() == 1u);
  advance(1ms);
  BOOST_TEST(http->requests.size() == 2u);
  advance(1s);
  BOOST_TEST(*asked->value == true);

  http->requests.clear();
  http->say({answer_of(503, R"({"errors":[{"message":"read only"}]})")});
  auto failed = exists(reg);
  advance(1h);
  BOOST_TEST(http->requests.size() == 3u);
  BOOST_CHECK(failed->code() == errc::upstream_error);
  BOOST_TEST(failed->words() ==
             "GET https://reg/v2/binder-x/manifests/1: the registry answered 503: read only");
  BOOST_TEST(failed->client_words() == "the registry answered 503: read only");
}

BOOST_AUTO_TEST_CASE(a_silent_registry_is_given_up_after_three_timeouts) {
  auto reg = spawn_registry();
  auto asked = exists(reg);
  advance(32s - 1ms);
  BOOST_TEST(!asked->done());
  advance(1ms);
  BOOST_CHECK(asked->code() == errc::timeout);
  BOOST_TEST(asked->client_words() == "the registry did not answer in time");
  BOOST_TEST(http->requests.size() == 3u);
}

BOOST_AUTO_TEST_CASE(fetches_a_token_where_one_is_wanted) {
  options.registry.username = "u";
  options.registry.password = "p";
  auto reg = spawn_registry();
  http->say({challenge(bearer), answer_of(200, R"({"token": "t1"})"), answer_of(200, "{}")});
  BOOST_TEST(*exists(reg)->value == true);
  BOOST_REQUIRE(http->requests.size() == 3u);
  BOOST_TEST(find_header(http->requests[0].headers, "authorization") == "");
  BOOST_TEST(http->line(1) == "GET https://auth/token?service=reg&scope=repository:binder-x:pull");
  BOOST_TEST(find_header(http->requests[1].headers, "authorization") == "Basic dTpw");
  BOOST_TEST(find_header(http->requests[2].headers, "authorization") == "Bearer t1");
}

BOOST_AUTO_TEST_CASE(a_login_that_does_not_help_is_tried_once) {
  auto reg = spawn_registry();
  http->say({challenge(bearer), answer_of(200, R"({"token": "t1"})"), challenge(bearer)});
  BOOST_CHECK(exists(reg)->code() == errc::forbidden);
  BOOST_TEST(http->requests.size() == 3u);
}

BOOST_AUTO_TEST_CASE(registries_that_hide_absent_images_behind_a_401) {
  options.registry.not_found_401 = true;
  auto reg = spawn_registry();
  http->say({challenge(bearer), answer_of(200, R"({"token": "t1"})"), challenge(bearer)});
  BOOST_TEST(*exists(reg)->value == false);
  http->say({answer_of(401)});
  BOOST_TEST(*exists(reg)->value == false);
}

BOOST_AUTO_TEST_CASE(uses_basic_authentication_where_only_that_is_offered) {
  auto anonymous = spawn_registry();
  http->say({challenge("Basic realm=\"r\"")});
  auto refused = exists(anonymous);
  BOOST_CHECK(refused->code() == errc::forbidden);
  BOOST_TEST(refused->words().find("config.json") != std::string::npos);
  BOOST_TEST(refused->client_words() == "the registry wants a login, and this site has none");
  options.registry.username = "u";
  options.registry.password = "p";
  auto reg = spawn_registry();
  http->requests.clear();
  http->say({challenge("Basic realm=\"r\""), answer_of(200, "{}")});
  BOOST_TEST(*exists(reg)->value == true);
  BOOST_TEST(find_header(http->requests[1].headers, "authorization") == "Basic dTpw");
}

BOOST_AUTO_TEST_CASE(what_strangers_are_told_to_be_absent_is_asked_for_with_the_login) {
  options.registry.username = "u";
  options.registry.password = "p";
  auto reg = spawn_registry();
  http->say({answer_of(404), answer_of(200)});
  BOOST_TEST(*exists(reg)->value == true);
  BOOST_TEST(find_header(http->requests[0].headers, "authorization") == "");
  BOOST_TEST(find_header(http->requests[1].headers, "authorization") == "Basic dTpw");
  http->say({answer_of(404)});
  BOOST_TEST(*exists(reg)->value == false);
  BOOST_TEST(http->requests.size() == 4u);
}

BOOST_AUTO_TEST_CASE(pushing_takes_the_login_of_the_settings) {
  auto anonymous = spawn_registry();
  BOOST_TEST(*ask<std::string>(anonymous, login_atom::value, image)->value == "");
  options.push_credentials = R"({"username":"u"})";
  auto reg = spawn_registry();
  BOOST_TEST(*ask<std::string>(reg, login_atom::value, image)->value == R"({"username":"u"})");
  BOOST_TEST(http->requests.empty());
}

BOOST_AUTO_TEST_CASE(google_cloud_machines_look_and_push_with_their_own_token) {
  options.registry.google_metadata = true;
  options.registry.token_url = "http://metadata.google.internal/token";
  options.push_registry = "us-docker.pkg.dev";
  auto reg = spawn_registry();
  // As the metadata server answers.
  auto token =
      answer_of(200, R"({"access_token": "ya29.x", "expires_in": 3599, "token_type": "Bearer"})");
  http->say({token, answer_of(200)});
  BOOST_TEST(*exists(reg)->value == true);
  BOOST_TEST(http->line(0) == "GET http://metadata.google.internal/token");
  BOOST_TEST(find_header(http->requests[0].headers, "metadata-flavor") == "Google");
  BOOST_TEST(find_header(http->requests[1].headers, "authorization") == "Bearer ya29.x");
  http->say({token});
  BOOST_TEST(
      *ask<std::string>(reg, login_atom::value, image)->value ==
      R"({"password":"ya29.x","registry":"us-docker.pkg.dev","username":"oauth2accesstoken"})");
  http->say({make_error(errc::unreachable, "no such host")});
  auto lost = ask<std::string>(reg, login_atom::value, image);
  advance(2s);
  BOOST_CHECK(lost->code() == errc::unreachable);
}

BOOST_AUTO_TEST_CASE(the_helper_makes_repositories_and_logins) {
  registry_helper_options with_helper;
  with_helper.helper = {"http://helper", "sekret"};
  with_helper.push_registry = "127.0.0.1:5000";
  with_helper.push_credentials = "fixed";
  auto reg = spawn(registry_helper, client, with_helper);
  http->say({answer_of(404, "null"), answer_of(200, "{}")});
  BOOST_TEST(*exists(reg)->value == false);
  BOOST_TEST(http->line(0) == "GET http://helper/repo/binder-x");
  BOOST_TEST(http->line(1) == "POST http://helper/repo/binder-x");
  http->requests.clear();
  http->say({answer_of(200, "{}"), answer_of(200, "{}")});
  BOOST_TEST(*exists(reg)->value == true);
  BOOST_TEST(http->line(1) == "GET http://helper/image/binder-x:1");
  http->say({answer_of(200, "{}"), answer_of(404, "null")});
  BOOST_TEST(*exists(reg)->value == false);
  http->say({answer_of(200, R"({"username":"AWS","password":"p","registry":"r","expires":"x"})")});
  BOOST_TEST(*ask<std::string>(reg, login_atom::value, image)->value ==
             R"({"password":"p","registry":"r","username":"AWS"})");
  http->say({answer_of(200, R"({"username":"AWS","password":"p"})")});
  BOOST_TEST(*ask<std::string>(reg, login_atom::value, image)->value ==
             R"({"password":"p","registry":"127.0.0.1:5000","username":"AWS"})");
  http->say({answer_of(404, "null")});
  BOOST_TEST(*ask<std::string>(reg, login_atom::value, image)->value == "fixed");
  http->say({answer_of(403, R"({"error": "not authorised"})")});
  auto refused = exists(reg);
  BOOST_CHECK(refused->code() == errc::forbidden);
  BOOST_TEST(refused->words().find("GET http://helper/repo/binder-x: the registry helper answered "
                                   "403: not authorised") == 0u);
  BOOST_TEST(refused->client_words() == "the registry helper answered 403: not authorised");
  http->say({answer_of(200, "{}"), answer_of(500), answer_of(500), answer_of(200)});
  auto patient = exists(reg);
  advance(2s);
  BOOST_TEST(*patient->value == true);
  BOOST_TEST(ask<void>(reg, check_atom::value)->value.has_value());
  BOOST_TEST(http->line(http->requests.size() - 1) == "GET http://helper/health");
  http->on_fetch = nullptr;
  auto asked = exists(reg);
  end(reg);
  BOOST_CHECK(asked->code() == errc::shutting_down);
}

BOOST_AUTO_TEST_CASE(the_fake_registry_serves_and_has_nothing) {
  auto reg = spawn(fake_registry);
  BOOST_TEST(*exists(reg)->value == false);
  BOOST_TEST(*ask<std::string>(reg, login_atom::value, image)->value == "");
  BOOST_TEST(ask<void>(reg, check_atom::value)->value.has_value());
}

BOOST_AUTO_TEST_CASE(a_configured_token_url_is_asked_first) {
  options.registry.token_url = "https://mine/token?service=x";
  auto reg = spawn_registry();
  http->say({answer_of(200, R"({"access_token": "t2"})"), answer_of(404, "{}")});
  BOOST_TEST(*exists(reg)->value == false);
  BOOST_TEST(http->line(0) == "GET https://mine/token?service=x&scope=repository:binder-x:pull");
  BOOST_TEST(find_header(http->requests[1].headers, "authorization") == "Bearer t2");
  http->say({answer_of(403, R"({"details": "bad password"})")});
  auto refused = exists(reg);
  BOOST_CHECK(refused->code() == errc::forbidden);
  BOOST_TEST(refused->words().find("https://mine/token: ") != std::string::npos);
  BOOST_TEST(refused->words().find("bad password") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(checks_once) {
  auto reg = spawn_registry();
  http->say({answer_of(401)});
  BOOST_TEST(ask<void>(reg, check_atom::value)->value.has_value());
  BOOST_TEST(http->line(0) == "GET https://reg/v2/");
  http->say({answer_of(500)});
  BOOST_CHECK(ask<void>(reg, check_atom::value)->code() == errc::upstream_error);
  BOOST_TEST(http->requests.size() == 2u);
}

BOOST_AUTO_TEST_CASE(its_end_answers_every_asker) {
  auto reg = spawn_registry();
  auto asked = exists(reg);
  end(reg);
  BOOST_CHECK(asked->code() == errc::shutting_down);
}

BOOST_AUTO_TEST_CASE(the_container_engine_stands_in) {
  container_engine_options engine_options;
  engine_options.engine = {"http://engine", "/run/engine.sock"};
  auto engine = spawn(container_engine, client, engine_options);
  auto reg = spawn(engine_as_registry, engine);
  http->say({answer_of(200, "{}")});
  BOOST_TEST(*exists(reg)->value == true);
  BOOST_TEST(http->line(0) == "GET http://engine/images/127.0.0.1:5000/binder-x:1/json");
  BOOST_TEST(http->requests[0].unix_socket == "/run/engine.sock");
  http->say({answer_of(404, R"({"message": "No such image"})")});
  BOOST_TEST(*exists(reg)->value == false);
  http->say({answer_of(200, R"({"Version": "20.10.24"})")});
  BOOST_TEST(ask<void>(reg, check_atom::value)->value.has_value());
  BOOST_TEST(*ask<std::string>(engine, check_atom::value)->value == "20.10.24");
  http->say({make_error(errc::unreachable, "GET http://engine/version: no such socket")});
  BOOST_CHECK(ask<void>(reg, check_atom::value)->code() == errc::unreachable);
}

BOOST_AUTO_TEST_CASE(a_container_engine_in_trouble) {
  container_engine_options engine_options;
  engine_options.engine = {"http://engine", "/run/engine.sock"};
  auto engine = spawn(container_engine, client, engine_options);
  http->say({answer_of(500, R"({"message": "disk full"})")});
  auto asked = ask<bool>(engine, exists_atom::value, image);
  advance(2s);
  BOOST_TEST(http->requests.size() == 3u);
  BOOST_CHECK(asked->code() == errc::upstream_error);
  BOOST_TEST(asked->words().find("json: The container engine answered 500: disk full") !=
             std::string::npos);
  http->on_fetch = nullptr;
  auto silent = ask<std::string>(engine, check_atom::value);
  advance(3s);
  BOOST_CHECK(silent->code() == errc::timeout);
}

BOOST_AUTO_TEST_SUITE_END()
