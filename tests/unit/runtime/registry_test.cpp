#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"
#include "runtime/registry/api.hpp"
#include "runtime/registry/challenge.hpp"
#include "runtime/registry/helper_api.hpp"

using namespace bindery;

namespace {

http_response answer(int status, std::string body = {}, http_headers headers = {}) {
  http_response response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registry_wire)

BOOST_AUTO_TEST_CASE(image_names_lose_their_registry_part) {
  struct {
    const char *image, *name, *tag;
  } rows[] = {
      {"127.0.0.1:5000/binder-u-r-1234:abc", "binder-u-r-1234", "abc"},
      {"localhost:5000/a/b:1", "a/b", "1"},
      {"gcr.io/project/prefix-u:abc", "project/prefix-u", "abc"},
      {"jupyterhub/binder-x:abc", "jupyterhub/binder-x", "abc"},
      {"registry.example/a/b/c", "a/b/c", "latest"},
      {"local-image:1", "local-image", "1"},
      {"quay.io/a/b@sha256:0123", "a/b", "sha256:0123"},
      // Four to forty small letters and digits before the only `/` are no registry.
      {"abcd/xy:1", "abcd/xy", "1"},
      {"abc/xy:1", "xy", "1"},
  };
  for (auto& row : rows) {
    auto image = parse_image_reference(row.image);
    BOOST_TEST_CONTEXT(row.image) {
      BOOST_REQUIRE(image);
      BOOST_TEST(image->name == row.name);
      BOOST_TEST(image->tag == row.tag);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_image_is_refused) {
  for (auto image :
       {"", "/", "r.example/", "r.example/a:", "r.example/A:1", "r.example/a b:1",
        "r.example/../x:1", "r.example/a//b:1", "r.example/a:1?x", "r.example/a:1\n"}) {
    auto parsed = parse_image_reference(image);
    BOOST_TEST_CONTEXT(image) {
      BOOST_REQUIRE(!parsed);
      BOOST_CHECK(code_of(parsed.error()) == errc::bad_request);
    }
  }
}

BOOST_AUTO_TEST_CASE(manifests_are_asked_for_in_every_format) {
  registry_address registry;
  registry.url = "http://127.0.0.1:5000/";
  auto request = manifest_request(registry, {"a/b", "sha256:12"}, "Bearer t");
  BOOST_TEST(request.method == "GET");
  BOOST_TEST(request.url == "http://127.0.0.1:5000/v2/a/b/manifests/sha256:12");
  auto accept = std::string{find_header(request.headers, "accept")};
  for (auto type : {"oci.image.index.v1", "oci.image.manifest.v1", "manifest.list.v2",
                    "distribution.manifest.v2"})
    BOOST_TEST(accept.find(type) != std::string::npos);
  BOOST_TEST(find_header(request.headers, "authorization") == "Bearer t");
}

BOOST_AUTO_TEST_CASE(answers_about_manifests) {
  BOOST_CHECK(*decode_manifest_answer(answer(200)) == manifest_answer::exists);
  BOOST_CHECK(*decode_manifest_answer(answer(404)) == manifest_answer::absent);
  BOOST_CHECK(*decode_manifest_answer(answer(401)) == manifest_answer::needs_login);
  auto refused = decode_manifest_answer(answer(403));
  BOOST_CHECK(code_of(refused.error()) == errc::forbidden);
  auto broken = decode_manifest_answer(
      answer(500, R"({"errors":[{"code":"UNKNOWN","message":"disk full"}]})"));
  BOOST_CHECK(code_of(broken.error()) == errc::upstream_error);
  BOOST_TEST(describe(broken.error()) == "the registry answered 500: disk full");
}

BOOST_AUTO_TEST_CASE(challenges_are_read) {
  auto all = parse_challenges(
      R"(Basic realm="a, b", Bearer realm="https://auth/token",service="reg \"x\"", scope=repository:a:pull , Negotiate YWJj==, Digest)");
  BOOST_REQUIRE(all.size() == 4u);
  BOOST_TEST(all[0].scheme == "basic");
  BOOST_TEST(all[0].parameter("realm") == "a, b");
  BOOST_TEST(all[1].scheme == "bearer");
  BOOST_TEST(all[1].parameter("realm") == "https://auth/token");
  BOOST_TEST(all[1].parameter("service") == "reg \"x\"");
  BOOST_TEST(all[1].parameter("scope") == "repository:a:pull");
  BOOST_TEST(all[2].scheme == "negotiate");
  BOOST_TEST(all[3].scheme == "digest");
}

BOOST_AUTO_TEST_CASE(hostile_challenges_are_bounded) {
  BOOST_TEST(parse_challenges("").empty());
  BOOST_TEST(parse_challenges(" ,,, ").empty());
  BOOST_TEST(parse_challenges("Bearer realm=\"unclosed").at(0).parameter("realm") == "");
  BOOST_TEST(parse_challenges("=\"x\"").empty());
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "Basic a=b, ";
  BOOST_TEST(parse_challenges(many).size() <= 8u);
  std::string wide = "Bearer x=y";
  for (int i = 0; i < 1000; ++i) wide += ",p" + std::to_string(i) + "=1";
  BOOST_TEST(parse_challenges(wide).at(0).parameters.size() <= 16u);
  // Any bytes at all end in an answer.
  for (int seed = 0; seed < 2000; ++seed) {
    std::string noise;
    for (unsigned state = static_cast<unsigned>(seed) * 2654435761u + 1; noise.size() < 60;) {
      state = state * 1664525u + 1013904223u;
      noise += std::string_view{"aB=\", \\;/\t\0x"}[(state >> 24) % 11];
    }
    BOOST_TEST(parse_challenges(noise).size() <= 8u);
  }
}

BOOST_AUTO_TEST_CASE(tokens_are_fetched_from_where_the_registry_says) {
  registry_address registry;
  registry.url = "https://registry.example";
  registry.username = "Aladdin";
  registry.password = "open sesame";
  auto challenge = [](const char* realm) {
    return answer(401, {},
                  {{"WWW-Authenticate", "Bearer realm=\"" + std::string{realm} +
                                            "\",service=\"reg\",scope=\"repository:x:pull\""}});
  };
  auto source = find_token_source(registry, {"a/b", "1"}, challenge("https://auth/t?a=b"));
  BOOST_REQUIRE(source);
  auto request = token_request(registry, *source);
  BOOST_TEST(request.url == "https://auth/t?a=b&service=reg&scope=repository:x:pull");
  BOOST_TEST(find_header(request.headers, "authorization") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  // The password must not go over plain http, nor to a file.
  BOOST_TEST(!find_token_source(registry, {"a/b", "1"}, challenge("http://auth/t")));
  BOOST_TEST(!find_token_source(registry, {"a/b", "1"}, challenge("file:///etc/passwd")));
  BOOST_TEST(!find_token_source(registry, {"a/b", "1"}, answer(401)));
  registry.token_url = "https://mine/t";
  source = find_token_source(registry, {"a/b", "1"}, answer(401));
  BOOST_REQUIRE(source);
  BOOST_TEST(source->url == "https://mine/t");
  BOOST_TEST(source->scope == "repository:a/b:pull");
}

BOOST_AUTO_TEST_CASE(token_answers) {
  BOOST_TEST(*decode_token_answer(answer(200, R"({"token": "t"})")) == "t");
  BOOST_TEST(*decode_token_answer(answer(200, R"({"access_token": "a"})")) == "a");
  BOOST_CHECK(code_of(decode_token_answer(answer(401)).error()) == errc::forbidden);
  BOOST_CHECK(code_of(decode_token_answer(answer(500)).error()) == errc::upstream_error);
  for (auto body : {"", "{}", "[]", R"({"token": 5})", R"({"token": ""})"})
    BOOST_CHECK(code_of(decode_token_answer(answer(200, body)).error()) == errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(an_identity_token_is_traded_for_a_bearer_token) {
  registry_address registry;
  registry.url = "https://r.example";
  registry.identity_token = "id&token";
  auto request = token_request(registry, {"https://auth/t", "reg", "repository:a/b:pull"});
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.url == "https://auth/t");
  BOOST_TEST(request.body ==
             "grant_type=refresh_token&client_id=bindery&service=reg&scope=repository%3Aa%2Fb%3A"
             "pull&refresh_token=id%26token");
  BOOST_TEST(find_header(request.headers, "authorization") == "");
}

BOOST_AUTO_TEST_CASE(the_metadata_server_is_asked_as_google_wants_it) {
  registry_address registry;
  registry.google_metadata = true;
  registry.username = "u";
  registry.password = "p";
  auto request = token_request(registry, {"http://metadata.google.internal/token", "s", "x"});
  BOOST_TEST(request.url == "http://metadata.google.internal/token");
  BOOST_TEST(find_header(request.headers, "metadata-flavor") == "Google");
  BOOST_TEST(find_header(request.headers, "authorization") == "");
}

BOOST_AUTO_TEST_CASE(the_helpers_requests_and_answers) {
  registry_helper_address helper{"http://helper:8080/", "sekret"};
  image_reference image{"ns/binder-x", "abc"};
  struct {
    http_request request;
    const char* line;
  } rows[] = {
      {helper_repository_request(helper, image), "GET http://helper:8080/repo/ns/binder-x"},
      {helper_create_request(helper, image), "POST http://helper:8080/repo/ns/binder-x"},
      {helper_image_request(helper, image), "GET http://helper:8080/image/ns/binder-x:abc"},
      {helper_token_request(helper, image), "POST http://helper:8080/token/ns/binder-x:abc"},
      {helper_check_request(helper), "GET http://helper:8080/health"},
  };
  for (const auto& row : rows) {
    BOOST_TEST(row.request.method + " " + row.request.url == row.line);
    BOOST_TEST(find_header(row.request.headers, "authorization") == "Bearer sekret");
  }
  BOOST_TEST(*decode_helper_answer(answer(200, R"({"RepositoryName": "x"})")) == true);
  BOOST_TEST(*decode_helper_answer(answer(404, "null")) == false);
  auto refused = decode_helper_answer(answer(403, R"({"error": "not authorised"})"));
  BOOST_CHECK(code_of(refused.error()) == errc::forbidden);
  BOOST_TEST(describe(refused.error()).find("not authorised; check ExternalRegistryHelper.auth_") !=
             std::string::npos);
  BOOST_CHECK(code_of(decode_helper_answer(answer(500)).error()) == errc::upstream_error);

  auto login = [](int status, const std::string& body) {
    return decode_helper_token(answer(status, body), "own.example");
  };
  auto named = login(
      200,
      R"({"username":"AWS","password":"p","registry":"https://1.ecr.example","expires":"2030-01-01"})");
  BOOST_TEST(*named == R"({"password":"p","registry":"https://1.ecr.example","username":"AWS"})");
  // Without a registry it would be a login for Docker Hub.
  for (auto body : {R"({"username":"AWS","password":"p"})",
                    R"({"username":"AWS","password":"p","registry":""})",
                    R"({"username":"AWS","password":"p","registry":null})"})
    BOOST_TEST(*login(200, body) ==
               R"({"password":"p","registry":"own.example","username":"AWS"})");
  BOOST_TEST(*login(404, "null") == "");
  for (auto body : {"", "null", "[]", "{}", R"({"username": 1, "password": "p"})"})
    BOOST_CHECK(code_of(login(200, body).error()) == errc::bad_answer);
}

BOOST_AUTO_TEST_SUITE_END()
