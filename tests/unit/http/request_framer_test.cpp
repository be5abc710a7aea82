#include "http/request_framer.hpp"

#include <vector>

#include <boost/test/unit_test.hpp>

using namespace bindery;
using namespace std::string_literals;

namespace {

/// Requests and the fault that a byte sequence yields, fed in pieces of `step` bytes.
struct outcome {
  std::vector<framed_request> requests;
  int fault = 0;
};

outcome feed(const std::string& bytes, size_t step, framer_limits limits = {}) {
  request_framer framer{limits};
  outcome result;
  for (size_t at = 0; at < bytes.size(); at += step) {
    framer.append(std::string_view{bytes}.substr(at, step));
    for (;;) {
      auto next = framer.next();
      if (auto* request = std::get_if<framed_request>(&next)) {
        result.requests.push_back(*request);
        continue;
      }
      if (auto* fault = std::get_if<framing_fault>(&next)) {
        result.fault = fault->status;
        return result;
      }
      break;
    }
  }
  return result;
}

int fault_of(const std::string& bytes) {
  auto whole = feed(bytes, bytes.size());
  auto split = feed(bytes, 1);
  BOOST_TEST(whole.fault == split.fault);
  BOOST_TEST(whole.requests.size() == split.requests.size());
  return whole.fault;
}

std::string with_field(const std::string& line) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(request_framer_suite)

BOOST_AUTO_TEST_CASE(pipelined_requests_come_out_whole_at_every_split) {
  auto bytes =
      "GET /a?x=1 HTTP/1.1\r\nHost: h\r\n\r\n"
      "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
      "\r\nHEAD /c HTTP/1.0\r\n\r\n"s;
  for (size_t step = 1; step <= bytes.size(); ++step) {
    auto got = feed(bytes, step);
    BOOST_TEST_REQUIRE(got.requests.size() == 3);
    BOOST_TEST(got.fault == 0);
    BOOST_TEST(got.requests[0].target == "/a?x=1");
    BOOST_TEST(got.requests[0].keep_alive);
    BOOST_TEST(got.requests[1].text.substr(got.requests[1].text.size() - 9) == "\r\n\r\nhello");
    BOOST_TEST(got.requests[2].method == "HEAD");
    BOOST_TEST(!got.requests[2].keep_alive);
  }
}

BOOST_AUTO_TEST_CASE(nothing_comes_before_the_head_is_complete) {
  auto bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"s;
  for (size_t length = 0; length < bytes.size(); ++length)
    BOOST_TEST(feed(bytes.substr(0, length), 1).requests.empty());
}

BOOST_AUTO_TEST_CASE(what_two_readers_might_read_differently_is_refused) {
  BOOST_TEST(fault_of(with_field("X: y")) == 0);
  BOOST_TEST(fault_of(with_field("Content-Length: 3\r\nContent-Length: 4")) == 400);
  BOOST_TEST(fault_of(with_field("Content-Length: 3, 3")) == 400);
  BOOST_TEST(fault_of(with_field("Content-Length: -1")) == 400);
  BOOST_TEST(fault_of(with_field("Content-Length: +1")) == 400);
  BOOST_TEST(fault_of(with_field("Content-Length:")) == 400);
  BOOST_TEST(fault_of(with_field("Content-Length: 0x10")) == 400);
  BOOST_TEST(fault_of(with_field("Transfer-Encoding: chunked")) == 411);
  BOOST_TEST(fault_of(with_field("Content-Length: 3\r\nTransfer-Encoding: chunked")) == 411);
  BOOST_TEST(fault_of(with_field("X: a\r\n b")) == 400);
  BOOST_TEST(fault_of(with_field(" X: a")) == 400);
  BOOST_TEST(fault_of(with_field("X : a")) == 400);
  BOOST_TEST(fault_of(with_field("no colon")) == 400);
  BOOST_TEST(fault_of(with_field(": empty")) == 400);
  BOOST_TEST(fault_of(with_field("Host: b")) == 400);
  BOOST_TEST(fault_of(with_field("X: a\0b"s)) == 400);
  BOOST_TEST(fault_of(with_field("X: a\x7f")) == 400);
  BOOST_TEST(fault_of(with_field("X: a\nY: b")) == 400);
  BOOST_TEST(fault_of(with_field("X: a\rY: b")) == 400);
  BOOST_TEST(fault_of("GET / HTTP/1.1\nHost: a\n\n") == 400);
  BOOST_TEST(fault_of("GET / HTTP/1.1\r\n\r\n") == 400);  // no Host
  BOOST_TEST(fault_of("GET / HTTP/1.1\r\nHost: \r\n\r\n") == 400);
  BOOST_TEST(fault_of("GET / HTTP/1.1\r\nHost:\r\nHost: a\r\n\r\n") == 400);
}

BOOST_AUTO_TEST_CASE(bad_request_lines_are_refused) {
  auto line = [](const std::string& text) { return fault_of(text + "\r\nHost: a\r\n\r\n"); };
  BOOST_TEST(line("GET /") == 400);
  BOOST_TEST(line("GET  / HTTP/1.1") == 400);
  BOOST_TEST(line("GET / HTTP/1.1 ") == 400);
  BOOST_TEST(line("GET a HTTP/1.1") == 400);
  BOOST_TEST(line("GET /\xff HTTP/1.1") == 400);
  BOOST_TEST(line("GET /#x HTTP/1.1") == 400);
  BOOST_TEST(line("G@T / HTTP/1.1") == 400);
  BOOST_TEST(line("GET / HTTP/2.0") == 505);
  BOOST_TEST(line("BREW / HTTP/1.1") == 501);
  BOOST_TEST(line("CONNECT a:1 HTTP/1.1") == 501);
  BOOST_TEST(line("GET /" + std::string(8100, 'a') + " HTTP/1.1") == 414);
  BOOST_TEST(fault_of("\x16\x03\x01\x02\x00 a TLS handshake") == 400);
  BOOST_TEST(feed("GET http://h/p HTTP/1.1\r\nHost: h\r\n\r\n", 99).requests.at(0).target == "/p");
  BOOST_TEST(feed("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 99).requests.at(0).target == "/");
}

BOOST_AUTO_TEST_CASE(limits_hold_before_everything_arrived) {
  BOOST_TEST(fault_of("GET / HTTP/1.1\r\nX: " + std::string(16 * 1024, 'a')) == 431);
  BOOST_TEST(fault_of(with_field("Content-Length: 65537")) == 413);
  BOOST_TEST(fault_of(with_field("Content-Length: 99999999999999999999999999")) == 413);
  BOOST_TEST(fault_of(with_field("Content-Length: 65536")) == 0);
  std::string many;
  for (int i = 0; i < 101; ++i) many += "A: b\r\n";
  BOOST_TEST(fault_of(with_field(many + "C: d")) == 431);
}

BOOST_AUTO_TEST_CASE(connection_fields_decide_what_follows) {
  auto keeps = [](const std::string& version, const std::string& value) {
    return feed("GET / HTTP/" + version + "\r\nHost: a\r\nConnection: " + value + "\r\n\r\n", 999)
        .requests.at(0)
        .keep_alive;
  };
  BOOST_TEST(keeps("1.1", "upgrade"));
  BOOST_TEST(!keeps("1.1", "x, Close"));
  BOOST_TEST(keeps("1.0", "Keep-Alive"));
  BOOST_TEST(!keeps("1.0", "x"));
}

BOOST_AUTO_TEST_CASE(the_router_sees_values_as_sent_and_no_fields_of_the_transport) {
  auto text =
      feed(with_field("X: a%0d%0ab\r\nRange: bytes=0-1\r\nExpect: x"), 999).requests.at(0).text;
  BOOST_TEST(text == "GET / HTTP/1.1\r\nHost: a\r\nX: a%250d%250ab\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_client_that_waits_is_told_to_continue_once) {
  request_framer framer;
  framer.append("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  BOOST_TEST(std::holds_alternative<incomplete>(framer.next()));
  BOOST_TEST(framer.take_expectation());
  framer.append("a");
  BOOST_TEST(std::holds_alternative<incomplete>(framer.next()));
  BOOST_TEST(!framer.take_expectation());
  framer.append("b");
  BOOST_TEST(std::holds_alternative<framed_request>(framer.next()));
  BOOST_TEST(framer.idle());
}

BOOST_AUTO_TEST_CASE(fields_too_long_for_the_parser_stand_beside_the_text) {
  framer_limits wide{100'000, 0};
  std::string value(9'000, 'v'), escapes(3'000, '%');
  auto bytes = "GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nCookie: " + value +
               "\r\ncookie: b=%20\r\nX-B: " + escapes + "\r\nX-C: 2\r\n\r\n";
  auto request = feed(bytes, bytes.size(), wide).requests.at(0);
  BOOST_TEST(request.text == "GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-C: 2\r\n\r\n");
  BOOST_REQUIRE(request.long_fields.size() == 3u);
  BOOST_TEST(request.long_fields[0].first == "Cookie");
  BOOST_TEST(request.long_fields[0].second == value);
  BOOST_TEST(request.long_fields[1].second == "b=%20");
  BOOST_TEST(request.long_fields[2].second == escapes);
}

BOOST_AUTO_TEST_SUITE_END()
