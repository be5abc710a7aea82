// Requests to hosts that strangers name, through the curl engine: the address decides, not the
// name.
#include <cstdlib>
#include <future>
#include <map>
#include <string>

#include <boost/test/unit_test.hpp>

#include "resolution_steps.hpp"
#include "runtime/net/curl_engine.hpp"
#include "scripted_server.hpp"

using namespace bindery;
using namespace bindery::steps;
using namespace std::chrono_literals;

namespace {

/// The proxies of whoever runs the tests are put away for the length of one.
class proxy_variables {
 public:
  proxy_variables() {
    for (const char* name :
         {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy"}) {
      if (const char* value = std::getenv(name)) before_[name] = value;
      ::unsetenv(name);
    }
  }
  ~proxy_variables() {
    ::unsetenv("http_proxy");
    ::unsetenv("no_proxy");
    for (const auto& [name, value] : before_) ::setenv(name.c_str(), value.c_str(), 1);
  }

 private:
  std::map<std::string, std::string> before_;
};

struct public_only_fixture {
  caf::expected<http_response> ask(const std::string& url, bool public_only = true,
                                   uint32_t redirects = 0) {
    http_request request;
    request.url = url;
    request.public_only = public_only;
    request.max_redirects = redirects;
    auto done = std::make_shared<std::promise<caf::expected<http_response>>>();
    auto end = done->get_future();
    http_callbacks callbacks;
    callbacks.on_done = [done](caf::expected<http_response> got) {
      done->set_value(std::move(got));
    };
    BOOST_REQUIRE(engine.submit(std::move(request), std::move(callbacks)));
    BOOST_REQUIRE(end.wait_for(20s) == std::future_status::ready);
    return end.get();
  }

  std::string port() const { return std::to_string(server.port()); }

  proxy_variables variables;
  test::scripted_server server{[](test::scripted_connection& peer) {
    for (auto request = peer.read_request(); !request.empty(); request = peer.read_request())
      if (request.starts_with("GET /away"))
        peer.answer(302, "", "Location: /here\r\n");
      else
        peer.answer(200, request.substr(0, request.find("\r\n")));
  }};
  curl_engine engine;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(public_only, public_only_fixture)

BOOST_AUTO_TEST_CASE(addresses_of_private_networks_are_not_connected_to) {
  for (auto host : {"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1",
                    "10.255.255.1", "169.254.169.254", "[fe80::1]", "[fd00::1]"})
    BOOST_TEST_CONTEXT(host) {
      auto words =
          failure(ask("http://" + std::string{host} + ":" + port() + "/x"), errc::forbidden);
      BOOST_TEST(contains(words, "private_hosts"));
    }
  BOOST_TEST(server.accepted() == 0);
}

BOOST_AUTO_TEST_CASE(neither_are_names_that_lead_there) {
  failure(ask("http://localhost:" + port() + "/x"), errc::forbidden);
  failure(ask("http://any.localhost:" + port() + "/x"), errc::forbidden);
  BOOST_TEST(server.accepted() == 0);
}

BOOST_AUTO_TEST_CASE(a_connection_that_others_opened_is_no_way_around) {
  BOOST_REQUIRE(ask(server.url("/first"), false));
  failure(ask(server.url("/second")), errc::forbidden);
  auto third = ask(server.url("/third"), false);
  BOOST_REQUIRE(third);
  BOOST_TEST(third->body == "GET /third HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(other_requests_go_anywhere) {
  auto end = ask(server.url("/away"), false, 3);
  BOOST_REQUIRE(end);
  BOOST_TEST(end->effective_url == server.url("/here"));
}

BOOST_AUTO_TEST_CASE(a_proxy_connects_in_our_place) {
  ::setenv("http_proxy", server.url("").c_str(), 1);
  ::setenv("no_proxy", "data.example", 1);
  auto end = ask("http://data.example/x");
  BOOST_REQUIRE_MESSAGE(end, (end ? "" : describe(end.error())));
  BOOST_TEST(end->body == "GET http://data.example/x HTTP/1.1");
  // This machine is nobody's to ask a proxy for.
  failure(ask(server.url("/x")), errc::forbidden);
}

BOOST_AUTO_TEST_SUITE_END()
