#include <zlib.h>

#include <boost/test/unit_test.hpp>

#include "http/compression.hpp"
#include "http/conditional.hpp"
#include "http/own_folder.hpp"
#include "http_world.hpp"
#include "runtime/error.hpp"
#include "socket_client.hpp"
#include "temporary_folder.hpp"

using namespace bindery;
using namespace bindery::test;

namespace {

std::string inflated(const std::string& bytes) {
  z_stream stream{};
  BOOST_REQUIRE(inflateInit2(&stream, 15 + 32) == Z_OK);
  std::string in = bytes, out(1'000'000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  BOOST_TEST(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

/// Bytes that tell where they stand.
std::string numbered(size_t size) {
  std::string bytes;
  for (size_t i = 0; bytes.size() < size; ++i) bytes += std::to_string(i) + "\n";
  bytes.resize(size);
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(files_suite)

BOOST_AUTO_TEST_CASE(the_coding_that_the_client_likes_best_is_taken) {
  for (auto [accepted, how] : {std::pair{"", coding::plain},
                               {"gzip", coding::gzip},
                               {"GZIP", coding::gzip},
                               {"x-gzip", coding::gzip},
                               {"br", coding::brotli},
                               {"gzip, br", coding::brotli},
                               {"gzip;q=1.0, br;q=0.9", coding::gzip},
                               {"gzip ; q=0.5 , br ; q=0.5", coding::brotli},
                               {"*", coding::brotli},
                               {"br;q=0, *", coding::gzip},
                               {"*;q=0", coding::plain},
                               {"gzip;q=0", coding::plain},
                               {"gzip;q=0.000", coding::plain},
                               {"gzip;q=0.001", coding::gzip},
                               {"gzip;q=abc", coding::plain},
                               {"gzip;q=", coding::plain},
                               {"gzip;q=-1", coding::plain},
                               {"gzip;q=99999999999", coding::plain},
                               {"deflate, identity", coding::plain},
                               {"brr, gzipp", coding::plain},
                               {",;,;=;q=,", coding::plain}})
    BOOST_TEST((best_coding(accepted) == how), accepted);
}

BOOST_AUTO_TEST_CASE(coded_bytes_are_smaller_and_can_be_read) {
  auto bytes = numbered(50'000);
  for (bool thorough : {false, true}) {
    auto gzip = compressed(coding::gzip, bytes, thorough);
    BOOST_TEST(gzip.size() < bytes.size() / 2);
    BOOST_TEST(inflated(gzip) == bytes);
    auto br = compressed(coding::brotli, bytes, thorough);
    BOOST_TEST(br.size() < bytes.size() / 2);
    BOOST_TEST(!br.empty());
  }
  BOOST_TEST(compressed(coding::plain, "x") == "x");
  BOOST_TEST(inflated(compressed(coding::gzip, "")).empty());
  BOOST_TEST(is_compressible("text/html; charset=utf-8"));
  BOOST_TEST(!is_compressible("image/png"));
}

BOOST_AUTO_TEST_CASE(dates_are_written_and_read_in_one_form) {
  BOOST_TEST(http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  for (std::time_t when : {std::time_t{0}, std::time_t{951782400}, std::time_t{4102444799}}) {
    auto read = read_http_date(http_date(when));
    BOOST_TEST((read && *read == when));
  }
  for (std::string bad : {"", "x", "Sun, 06 Nov 1994 08:49:37 UTC", "Mon, 06 Nov 1994 08:49:37 GMT",
                          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT",
                          "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    BOOST_TEST(!read_http_date(bad), bad);
}

BOOST_AUTO_TEST_CASE(versions_that_the_client_has_are_known_by_their_whole_tag) {
  auto knows = [](std::string_view tags) { return is_current({tags, ""}, "\"abc\"", 0); };
  for (std::string_view good : {"\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", " \"x\",\t\"abc\" ", "*"})
    BOOST_TEST(knows(good), good);
  for (std::string_view bad : {"\"abcd\"", "abc", "\"ab\"", "\"abc\"x", "W/", ",", "\"abc"})
    BOOST_TEST(!knows(bad), bad);
  BOOST_TEST(is_current({"", "Thu, 01 Jan 1970 00:00:10 GMT"}, "\"a\"", 10));
  BOOST_TEST(!is_current({"", "Thu, 01 Jan 1970 00:00:10 GMT"}, "\"a\"", 11));
  BOOST_TEST(!is_current({"", ""}, "\"a\"", 0));
}

BOOST_AUTO_TEST_CASE(only_so_many_files_are_open_at_once) {
  temporary_folder folder;
  folder.write("x", "bytes");
  auto place = own_folder::open(folder.path());
  BOOST_REQUIRE(place);
  std::vector<std::shared_ptr<const open_file>> held;
  for (size_t i = 0; i < own_folder::most_open_files; ++i) {
    auto file = place->find("x");
    BOOST_REQUIRE(file);
    held.push_back(*file);
  }
  BOOST_TEST(!place->find("x"));
  held.pop_back();
  BOOST_TEST(place->find("x").engaged());
  BOOST_TEST(held.front()->read(1, 100) == "ytes");
  BOOST_TEST(held.front()->read(100, 1).empty());
}

BOOST_AUTO_TEST_CASE(a_huge_file_is_sent_piece_by_piece_to_slow_readers_too) {
  temporary_folder folder;
  auto bytes = numbered(3'000'001);
  folder.write("huge.txt", bytes);
  auto options = http_world::quick();
  options.max_unsent_bytes = 160 * 1024;  // nothing holds the whole of it
  http_world world{options, [&](site& place) {
                     place.extra_static_path = folder.path();
                     place.metrics_text = [] { return numbered(700'000); };
                   }};
  for (int receive_buffer : {0, 4096}) {
    socket_client client{world.port(), receive_buffer};
    // Asked one after another on the same connection, sent before any answer came.
    BOOST_TEST(client.send(get("/extra_static/huge.txt") + get("/metrics") + get("/versions")));
    auto answer = client.take_answer();
    BOOST_TEST(status_of(answer) == 200);
    BOOST_TEST((answer.substr(answer.find("\r\n\r\n") + 4) == bytes));
    auto metrics = client.take_answer();
    BOOST_TEST((metrics.substr(metrics.find("\r\n\r\n") + 4) == numbered(700'000)));
    BOOST_TEST(status_of(client.take_answer()) == 200);
  }
  socket_client closing{world.port()};
  BOOST_TEST(closing.send(get("/extra_static/huge.txt", "Connection: close\r\n")));
  BOOST_TEST(closing.read_to_end());
  BOOST_TEST(!closing.was_reset());
  BOOST_TEST((closing.take_answer().ends_with(bytes)));
  BOOST_TEST(world.counts().slow_readers == 0U);
}

BOOST_AUTO_TEST_CASE(a_file_that_shrinks_while_it_is_sent_ends_the_connection) {
  temporary_folder folder;
  folder.write("huge.txt", numbered(8'000'000));
  http_world world{http_world::quick(),
                   [&](site& place) { place.extra_static_path = folder.path(); }};
  socket_client client{world.port(), 4096};
  BOOST_TEST(client.send(get("/extra_static/huge.txt")));
  BOOST_TEST(client.read_until("\r\n\r\n"));
  std::filesystem::resize_file(folder.path() + "/huge.txt", 10);
  BOOST_TEST(client.read_to_end());
  world.await_counts([](const http_counts& now) { return now.connections == 0; });
}

BOOST_AUTO_TEST_SUITE_END()
