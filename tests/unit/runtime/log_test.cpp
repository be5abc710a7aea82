#include "runtime/log.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "captured_output.hpp"
#include "runtime/log_format.hpp"
#include "runtime/text/timestamp.hpp"

using namespace bindery;
using namespace bindery::test;

namespace {

/// 2026-11-23T20:00:00.123456Z
const std::chrono::system_clock::time_point moment{
    std::chrono::duration_cast<std::chrono::system_clock::duration>(
        std::chrono::microseconds{1'795'464'000'123'456})};

std::string text_line(std::string_view message, std::initializer_list<log_field> fields) {
  return format_line(log_form::text, moment, log_level::info, message, fields);
}

nlohmann::json json_line(std::string_view message, std::initializer_list<log_field> fields) {
  return nlohmann::json::parse(
      format_line(log_form::json, moment, log_level::warning, message, fields));
}

bool printable_ascii(const std::string& line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

/// Every byte there is, what breaks lines in Unicode, and an unfinished character.
std::string hostile_bytes() {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  return all + "\r\n2026-01-01T00:00:00.000Z error forged\xe2\x80\xa8\xc2\x85\x1b[2J\xe2\x80";
}

/// Back to text and info when a test ends.
struct log_at_default {
  ~log_at_default() { start_log("text", "info"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(operator_log)

BOOST_AUTO_TEST_CASE(times_are_utc_with_the_digits_asked_for) {
  BOOST_TEST(utc_milliseconds(moment) == "2026-11-23T20:00:00.123Z");
  BOOST_TEST(utc_microseconds(moment) == "2026-11-23T20:00:00.123456Z");
  auto before_1970 = std::chrono::system_clock::time_point{std::chrono::milliseconds{-1}};
  BOOST_TEST(utc_microseconds(before_1970) == "1969-12-31T23:59:59.999000Z");
}

BOOST_AUTO_TEST_CASE(text_line_is_time_level_message_fields) {
  BOOST_TEST(text_line("launch ready", {{"launch_id", "a1b2"}, {"build_name", "build-x"}}) ==
             "2026-11-23T20:00:00.123Z info launch ready launch_id=a1b2 build_name=build-x");
}

BOOST_AUTO_TEST_CASE(text_values_are_quoted_where_a_reader_would_stumble) {
  BOOST_TEST(text_line("m", {{"a", ""}, {"b", "x y"}, {"c", "k=v"}, {"d", "\"q\""}}) ==
             R"(2026-11-23T20:00:00.123Z info m a="" b="x y" c="k=v" d="\"q\"")");
  BOOST_TEST(text_line("m", {{"a", "x\ny\\"}, {"b", "gr\xc3\xbcn"}, {"c", "\xff"}}) ==
             R"(2026-11-23T20:00:00.123Z info m a="x\ny\\" b="gr\u00fcn" c="\ufffd")");
}

BOOST_AUTO_TEST_CASE(message_and_names_cannot_forge_fields) {
  BOOST_TEST(text_line("ready user=root", {}) ==
             R"(2026-11-23T20:00:00.123Z info "ready user=root")");
  BOOST_TEST(text_line("", {{"a b=\n", "1"}, {"", "2"}}) ==
             R"(2026-11-23T20:00:00.123Z info "" a_b__=1 _=2)");
}

BOOST_AUTO_TEST_CASE(json_line_carries_everything) {
  auto line = json_line("launch failed", {{"launch_id", "a1"}, {"level", "mine"}});
  nlohmann::json expected = {{"ts", "2026-11-23T20:00:00.123Z"},
                             {"level", "warning"},
                             {"message", "launch failed"},
                             {"launch_id", "a1"},
                             {"level_", "mine"}};
  BOOST_TEST(line == expected);
}

BOOST_AUTO_TEST_CASE(no_bytes_break_a_line) {
  auto bytes = hostile_bytes();
  for (auto form : {log_form::text, log_form::json})
    BOOST_TEST(printable_ascii(
        format_line(form, moment, log_level::error, bytes, {{"a", bytes}, {bytes, bytes}})));
  auto seen = json_line("m", {{"a", "x\xff\ny"}});
  BOOST_TEST(seen["a"].get<std::string>() == "x\xef\xbf\xbd\ny");
}

BOOST_AUTO_TEST_CASE(long_lines_are_cut_and_say_so) {
  auto bytes = hostile_bytes();
  std::string much;
  while (much.size() < 1'000'000) much += bytes;
  for (auto form : {log_form::text, log_form::json}) {
    auto line = format_line(form, moment, log_level::info, much, {{"a", much}, {"id", "a1"}});
    BOOST_TEST(line.size() <= max_log_line_bytes);
    BOOST_TEST(line.size() > max_log_line_bytes / 8);
    BOOST_TEST(line.find("[...]") != std::string::npos);
    BOOST_TEST(line.find("a1") != std::string::npos);
    BOOST_TEST(printable_ascii(line));
  }
  auto whole = std::string(8000, 'x');
  BOOST_TEST(json_line("m", {{"a", whole}})["a"].get<std::string>() == whole);
  auto halves = std::string(8191, 'x') + "\xc3\xbc";
  BOOST_TEST(text_line("m", {{"a", halves}}).find("\\ufffd") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(too_many_fields_are_left_out) {
  log_field f{"a_name", std::string(500, '\x01')};
  auto line = json_line("m", {f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f});
  BOOST_TEST(line["message"] == "m");
  auto text = text_line("m", {f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f,
                              f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f,
                              f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f});
  BOOST_TEST(text == "2026-11-23T20:00:00.123Z info m fields_left_out=60");
}

BOOST_AUTO_TEST_CASE(lines_go_to_standard_error_from_the_least_level_on) {
  log_at_default at_end;
  captured_output captured{STDERR_FILENO};
  start_log("json", "warning");
  log_line(log_level::debug, "not this");
  log_line(log_level::info, "nor this");
  log_line(log_level::warning, "this {} %s", {{"n", "1"}});
  log_line(log_level::error, "that");
  start_log("text", "debug");
  log_line(log_level::debug, "now all");
  auto lines = captured.lines();
  BOOST_REQUIRE_EQUAL(lines.size(), 3U);
  BOOST_TEST(nlohmann::json::parse(lines[0])["message"] == "this {} %s");
  BOOST_TEST(nlohmann::json::parse(lines[1])["level"] == "error");
  BOOST_TEST(lines[2].substr(24) == " debug now all");
}

BOOST_AUTO_TEST_CASE(unknown_words_mean_text_and_info_and_are_told) {
  log_at_default at_end;
  captured_output captured{STDERR_FILENO};
  start_log("xml", "loud");
  log_line(log_level::debug, "hidden");
  auto lines = captured.lines();
  BOOST_REQUIRE_EQUAL(lines.size(), 2U);
  BOOST_TEST(lines[0].substr(24) == " warning log level unknown, info used log_level=loud");
  BOOST_TEST(lines[1].substr(24) == " warning log format unknown, text used log_format=xml");
}

BOOST_AUTO_TEST_CASE(threads_do_not_mix_their_lines) {
  captured_output captured{STDERR_FILENO};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([t] {
      for (int i = 0; i < 200; ++i)
        log_line(
            log_level::info, "line",
            {{"id", std::to_string(t) + "." + std::to_string(i)}, {"x", std::string(300, 'x')}});
    });
  for (auto& each : threads) each.join();
  std::set<std::string> seen;
  for (const auto& line : captured.lines()) {
    auto id = line.substr(24, line.find(" x=") - 24);
    BOOST_TEST(line.substr(24) == id + " x=" + std::string(300, 'x'));
    seen.insert(id);
  }
  BOOST_TEST(seen.size() == 800U);
}

/// Run in a process of its own by the test below.
BOOST_AUTO_TEST_CASE(line_of_a_fresh_process, *boost::unit_test::disabled()) {
  log_line(log_level::debug, "too early");
  log_line(log_level::info, "node starts", {{"port", "8585"}});
}

BOOST_AUTO_TEST_CASE(works_before_start_log) {
  captured_output captured{STDERR_FILENO};
  auto program = std::filesystem::read_symlink("/proc/self/exe").string();
  auto command = "'" + program + "' --run_test=operator_log/line_of_a_fresh_process >/dev/null";
  BOOST_TEST(std::system(command.c_str()) == 0);
  auto text = captured.text();
  BOOST_TEST(text.find("Z info node starts port=8585\n") == 23U);
  BOOST_TEST(text.find("too early") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
