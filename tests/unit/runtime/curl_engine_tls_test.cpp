#include <cstdlib>
#include <filesystem>
#include <future>
#include <optional>
#include <string>

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"
#include "runtime/net/curl_engine.hpp"
#include "tests/unit/runtime/tls_server.hpp"

using namespace bindery;
using namespace bindery::test;

namespace {

caf::expected<http_response> get(curl_engine& engine, const std::string& url) {
  auto done = std::make_shared<std::promise<caf::expected<http_response>>>();
  http_request request;
  request.url = url;
  http_callbacks callbacks;
  callbacks.on_done = [done](caf::expected<http_response> end) { done->set_value(std::move(end)); };
  auto end = done->get_future();
  BOOST_REQUIRE(engine.submit(std::move(request), std::move(callbacks)));
  BOOST_REQUIRE(end.wait_for(std::chrono::seconds{20}) == std::future_status::ready);
  return end.get();
}

/// Sets `SSL_CERT_FILE` for the life of the object.
class certificate_variable {
 public:
  explicit certificate_variable(const std::string& path) {
    if (const char* before = std::getenv("SSL_CERT_FILE")) before_ = before;
    ::setenv("SSL_CERT_FILE", path.c_str(), 1);
  }
  ~certificate_variable() {
    if (before_)
      ::setenv("SSL_CERT_FILE", before_->c_str(), 1);
    else
      ::unsetenv("SSL_CERT_FILE");
  }

 private:
  std::optional<std::string> before_;
};

struct tls_fixture {
  tls_fixture() {
    std::string pattern = (std::filesystem::temp_directory_path() / "bindery-tls-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    file = folder / "trusted.pem";
  }
  ~tls_fixture() { std::filesystem::remove_all(folder); }

  std::filesystem::path folder, file;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(curl_engine_tls, tls_fixture)

BOOST_AUTO_TEST_CASE(trusts_the_file_that_the_environment_names) {
  self_signed identity{"IP:127.0.0.1"};
  identity.write_certificate(file);
  tls_server server{identity};
  certificate_variable variable{file};
  curl_engine engine;
  auto end = get(engine, "https://127.0.0.1:" + std::to_string(server.port()) + "/");
  BOOST_REQUIRE_MESSAGE(end, (end ? "" : describe(end.error())));
  BOOST_TEST(end->body == "ok");
}

BOOST_AUTO_TEST_CASE(refuses_an_upstream_that_nobody_vouches_for) {
  self_signed identity{"IP:127.0.0.1"};
  tls_server server{identity};
  curl_engine engine;
  auto end = get(engine, "https://127.0.0.1:" + std::to_string(server.port()) + "/");
  BOOST_REQUIRE(!end);
  BOOST_CHECK(code_of(end.error()) == errc::unreachable);
  BOOST_TEST(describe(end.error()).find("no trusted TLS connection") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_a_certificate_of_another_host) {
  self_signed identity{"DNS:other.example"};
  identity.write_certificate(file);
  tls_server server{identity};
  curl_engine_options options;
  options.ca_file = file;
  curl_engine engine{options};
  auto end = get(engine, "https://127.0.0.1:" + std::to_string(server.port()) + "/");
  BOOST_REQUIRE(!end);
  BOOST_CHECK(code_of(end.error()) == errc::unreachable);
}

BOOST_AUTO_TEST_CASE(plain_http_on_a_tls_port_and_the_reverse_are_errors) {
  self_signed identity{"IP:127.0.0.1"};
  tls_server server{identity};
  curl_engine engine;
  auto end = get(engine, "http://127.0.0.1:" + std::to_string(server.port()) + "/");
  BOOST_TEST(!end);
}

BOOST_AUTO_TEST_SUITE_END()
