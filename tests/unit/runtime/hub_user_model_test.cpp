#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"
#include "runtime/hub/user_model.hpp"

using namespace bindery;

namespace {

http_response answer(int32_t status, std::string body) {
  http_response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

errc identity_code(int32_t status, const std::string& body) {
  auto who = read_identity(answer(status, body));
  return who ? errc::none : code_of(who.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hub_user_model_suite)

BOOST_AUTO_TEST_CASE(a_users_servers_are_listed) {
  auto servers = read_servers(answer(200, R"({"servers": {"": {"ready": true}, "b": {}}})"));
  BOOST_REQUIRE(servers);
  BOOST_TEST((*servers == std::vector<std::string>{"", "b"}));
  BOOST_TEST(read_servers(answer(200, R"({"servers": {}})"))->empty());
  // JupyterHub before 5 says null where there is none.
  BOOST_TEST(read_servers(answer(200, R"({"servers": null})"))->empty());
}

BOOST_AUTO_TEST_CASE(a_hub_that_tells_no_servers_is_not_taken_for_one_without) {
  auto hidden = read_servers(answer(200, R"({"name": "alice"})"));
  BOOST_REQUIRE(!hidden);
  BOOST_TEST((code_of(hidden.error()) == errc::upstream_error));
  BOOST_TEST(describe(hidden.error()).find("read:servers") != std::string::npos);
  for (const auto* body : {"", "[]", "<html>", "7"})
    BOOST_TEST((code_of(read_servers(answer(200, body)).error()) == errc::bad_answer), body);
  BOOST_TEST((code_of(read_servers(answer(404, "{}")).error()) == errc::upstream_error));
}

BOOST_AUTO_TEST_CASE(an_identity_is_read) {
  auto who = read_identity(
      answer(200, R"({"kind": "user", "name": "alice", "scopes": ["a", 7, "b"], "admin": true})"));
  BOOST_REQUIRE(who);
  BOOST_TEST(who->name == "alice");
  BOOST_TEST(who->kind == "user");
  BOOST_TEST((who->scopes == std::vector<std::string>{"a", "b"}));
  BOOST_TEST(read_identity(answer(200, R"({"name": "alice"})"))->scopes.empty());
  BOOST_TEST(read_identity(answer(200, R"({"name": "bot", "kind": "service"})"))->kind ==
             "service");
}

BOOST_AUTO_TEST_CASE(hostile_identities_are_refused) {
  BOOST_TEST((identity_code(403, "{}") == errc::forbidden));
  BOOST_TEST((identity_code(401, "") == errc::forbidden));
  BOOST_TEST((identity_code(500, R"({"name": "alice"})") == errc::upstream_error));
  BOOST_TEST((identity_code(302, R"({"name": "alice"})") == errc::upstream_error));
  for (const std::string& body :
       {std::string{""}, std::string{"[]"}, std::string{R"({"name": ""})"},
        std::string{R"({"name": 7})"}, std::string{R"({"name": "a\nb"})"},
        std::string{R"({"name": "a\u0000"})"}, std::string{"{\"name\": \"\xff\"}"},
        "{\"name\": \"" + std::string(300, 'a') + "\"}", std::string(1000, '[')})
    BOOST_TEST((identity_code(200, body) == errc::bad_answer), body);
}

BOOST_AUTO_TEST_CASE(a_scope_grants_itself_and_its_filtered_forms) {
  using texts = std::vector<std::string>;
  const texts wanted{"access:services!service=binder"};
  BOOST_TEST(grants_one_of({"x", "access:services!service=binder"}, wanted));
  BOOST_TEST(grants_one_of({"access:services"}, wanted));
  BOOST_TEST(!grants_one_of({}, wanted));
  BOOST_TEST(!grants_one_of({"access:services!service=other"}, wanted));
  BOOST_TEST(!grants_one_of({"access:services!service=binder"}, {"access:services"}));
  BOOST_TEST(!grants_one_of({"access"}, wanted));
  BOOST_TEST(!grants_one_of({"access:services"}, {}));
}

BOOST_AUTO_TEST_SUITE_END()
