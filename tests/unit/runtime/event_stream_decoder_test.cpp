#include "runtime/net/event_stream_decoder.hpp"

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"

using namespace bindery;

namespace {

using events = std::vector<std::string>;

events decode(std::string_view bytes, size_t step) {
  event_stream_decoder decoder;
  events all;
  for (size_t at = 0; at < bytes.size(); at += step) {
    auto found = decoder.feed(bytes.substr(at, step));
    all.insert(all.end(), found->begin(), found->end());
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(event_stream_decoding)

BOOST_AUTO_TEST_CASE(every_line_break_and_every_split_gives_the_same_events) {
  events expected{"{\"a\": 1}", "two\nlines", "", " kept", "tail"};
  for (std::string line_break : {"\n", "\r\n", "\r"}) {
    std::string text =
        "data: {\"a\": 1}||: comment||data:two|data: lines||data||data:  kept||"
        "event: x|id: 7|retry: 10|data: tail||data: cut off";
    std::string stream;
    for (char c : text)
      if (c == '|')
        stream += line_break;
      else
        stream += c;
    for (size_t step = 1; step <= stream.size(); ++step)
      BOOST_TEST(decode(stream, step) == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_no_part_of_the_first_field) {
  BOOST_TEST(decode("\xef\xbb\xbf"
                    "data: a\n\n",
                    2) == events{"a"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(fields_that_only_begin_like_data_are_none) {
  BOOST_TEST(decode("database: a\n\ndata : b\n\n data: c\n\n", 3).empty());
}

BOOST_AUTO_TEST_CASE(an_overlong_line_or_event_ends_the_decoder) {
  event_stream_decoder line{100};
  BOOST_TEST(line.feed("data: " + std::string(60, 'a')).engaged());
  auto broken = line.feed(std::string(60, 'a'));
  BOOST_REQUIRE(!broken);
  BOOST_CHECK(code_of(broken.error()) == errc::too_large);
  BOOST_TEST(!line.feed("\n\ndata: b\n\n"));

  event_stream_decoder event{100};
  BOOST_TEST(event.feed("data: " + std::string(60, 'a') + "\n").engaged());
  BOOST_TEST(!event.feed("data: " + std::string(60, 'a') + "\n"));

  event_stream_decoder fine{100};
  for (int i = 0; i < 100; ++i)
    BOOST_TEST(fine.feed("data: " + std::string(60, 'a') + "\n\n")->size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
