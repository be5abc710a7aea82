#include <boost/test/unit_test.hpp>

#include "runtime/engine/api.hpp"
#include "runtime/error.hpp"

using namespace bindery;

BOOST_AUTO_TEST_SUITE(container_engine_wire)

BOOST_AUTO_TEST_CASE(addresses_of_docker_host) {
  auto socket = parse_engine_address("unix:///var/run/docker.sock");
  BOOST_TEST(socket->unix_socket == "/var/run/docker.sock");
  BOOST_TEST(socket->base_url == "http://engine");
  BOOST_TEST(parse_engine_address("/var/run/docker.sock")->unix_socket == "/var/run/docker.sock");
  BOOST_TEST(parse_engine_address("tcp://10.0.0.1:2375")->base_url == "http://10.0.0.1:2375");
  BOOST_TEST(parse_engine_address("http://h:1/")->base_url == "http://h:1");
  BOOST_TEST(parse_engine_address("https://h:1")->base_url == "https://h:1");
  for (auto text : {"", "ssh://h", "npipe:////./pipe/docker", "unix://relative", "tcp://", "h:2375",
                    "file:///etc"}) {
    auto address = parse_engine_address(text);
    BOOST_TEST_CONTEXT(text) {
      BOOST_REQUIRE(!address);
      BOOST_CHECK(code_of(address.error()) == errc::bad_settings);
    }
  }
  BOOST_TEST(!parse_engine_address("/" + std::string(200, 'a')));
}

BOOST_AUTO_TEST_CASE(requests_go_over_the_socket) {
  auto engine = *parse_engine_address("unix:///run/e.sock");
  auto request = engine_image_request(engine, "127.0.0.1:5000/a/b:1?x");
  BOOST_TEST(request.unix_socket == "/run/e.sock");
  BOOST_TEST(request.url == "http://engine/images/127.0.0.1:5000/a/b:1%3Fx/json");
  BOOST_TEST(engine_version_request(engine).url == "http://engine/version");
}

BOOST_AUTO_TEST_CASE(answers_of_docker_and_podman) {
  http_response response;
  auto with = [&](int status, const char* body) {
    response.status = status;
    response.body = body;
    return response;
  };
  BOOST_TEST(*decode_engine_version(with(200, R"({"Version":"20.10.24","ApiVersion":"1.41"})")) ==
             "20.10.24");
  BOOST_CHECK(code_of(decode_engine_version(with(200, "<html>")).error()) == errc::bad_answer);
  BOOST_CHECK(code_of(decode_engine_version(with(500, "")).error()) == errc::upstream_error);
  BOOST_TEST(*decode_engine_image(with(200, R"({"Id":"sha256:1"})")) == true);
  BOOST_TEST(*decode_engine_image(with(404, R"({"message":"No such image: a"})")) == false);
  BOOST_TEST(!decode_engine_image(with(404, "404 page not found")));
  auto broken = decode_engine_image(with(500, R"({"message":"disk full"})"));
  BOOST_TEST(describe(broken.error()) == "The container engine answered 500: disk full");
}

BOOST_AUTO_TEST_SUITE_END()
