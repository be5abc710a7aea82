#include "runtime/build/repo2docker.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace bindery;

namespace {

build_request request() {
  return {"build-x", "127.0.0.1:5000/x:1", "https://example.org/x", "abc", "git", ""};
}

/// The one event of a line, with what was held back.
nlohmann::json read(const std::string& line, repo2docker_reader reader = {}) {
  auto events = reader.read(line);
  if (events.empty()) events = reader.rest();
  BOOST_REQUIRE(events.size() == 1);
  return nlohmann::json::parse(events.front().json);
}

/// The messages of these lines, each in quotes of its own, and what is left in brackets.
std::string messages(const std::vector<std::string>& lines) {
  repo2docker_reader reader;
  std::string all;
  auto add = [&](const std::vector<stream_event>& events, char before, char after) {
    for (const auto& event : events)
      all += before + nlohmann::json::parse(event.json)["message"].get<std::string>() + after;
  };
  for (const auto& line : lines) add(reader.read(line), '"', '"');
  add(reader.rest(), '[', ']');
  return all;
}

/// A piece of what a step prints.
std::string piece(const std::string& text) {
  return nlohmann::json{{"message", text}, {"phase", "building"}}.dump();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(repo2docker)

BOOST_AUTO_TEST_CASE(arguments_are_in_order_and_the_url_is_last) {
  repo2docker_options options;
  options.push = true;
  options.appendix = "USER root\nRUN true";
  options.extra_args = {"--debug"};
  auto arguments = repo2docker_arguments(options, request());
  BOOST_REQUIRE(arguments);
  std::string all;
  for (const auto& word : *arguments) all += word + "|";
  BOOST_TEST(all ==
             "--ref=abc|--image=127.0.0.1:5000/x:1|--no-clean|--no-run|--json-logs|"
             "--user-name=jovyan|--user-id=1000|--appendix|USER root\nRUN true|--push|--debug|"
             "https://example.org/x|");
}

BOOST_AUTO_TEST_CASE(what_looks_like_an_option_is_refused) {
  auto url = request();
  url.repo_url = "--help";
  BOOST_TEST(!repo2docker_arguments({}, url));
  auto ref = request();
  ref.ref = "-x";
  BOOST_TEST(!repo2docker_arguments({}, ref));
}

BOOST_AUTO_TEST_CASE(json_lines_keep_message_and_progress_without_layers) {
  auto line = read(
      R"({"message":"Pushing image\n","progress":{"a":"Pushed"},"layers":{"a":{}},"phase":"pushing"})");
  BOOST_TEST(line["phase"].get<std::string>() == "pushing");
  BOOST_TEST(line["message"].get<std::string>() == "Pushing image\n");
  BOOST_TEST(line["progress"]["a"].get<std::string>() == "Pushed");
  BOOST_TEST(!line.contains("layers"));
}

BOOST_AUTO_TEST_CASE(a_line_without_phase_belongs_to_the_one_before) {
  BOOST_TEST(read(R"({"message":"Picked Git content provider.\n"})")["phase"].get<std::string>() ==
             "fetching");
}

BOOST_AUTO_TEST_CASE(failure_is_failed_and_other_lines_are_unknown) {
  BOOST_TEST(read(R"({"phase":"failure","message":"no"})")["phase"].get<std::string>() == "failed");
  BOOST_TEST(read("plain text")["phase"].get<std::string>() == "unknown");
  BOOST_TEST(read("{broken")["message"].get<std::string>() == "{broken\n");
  BOOST_TEST(read(R"({"phase":7,"message":"x"})")["phase"].get<std::string>() == "fetching");
  BOOST_TEST(read(R"({"message":7})")["phase"].get<std::string>() == "unknown");
}

BOOST_AUTO_TEST_CASE(a_repository_cannot_forge_built_or_ready) {
  for (const char* word : {"built", "ready", "launching", "nonsense"})
    BOOST_TEST(read(std::string{R"({"message":"x","phase":")"} + word + "\"}")["phase"]
                   .get<std::string>() == "unknown");
}

BOOST_AUTO_TEST_CASE(endless_extra_fields_are_left_out) {
  auto line =
      read(R"({"message":"x","phase":"pushing","junk":")" + std::string(20'000, 'j') + "\"}");
  BOOST_TEST(!line.contains("junk"));
}

BOOST_AUTO_TEST_CASE(pieces_of_a_line_become_one_line) {
  BOOST_TEST(messages({piece("1040\n104"), piece("1\n1042\n")}) == "\"1040\n\"\"1041\n1042\n\"");
  BOOST_TEST(messages({piece("Step 1/2 : RUN x"), piece("\n"), piece(" ---> 1\n")}) ==
             "\"Step 1/2 : RUN x\n\"\" ---> 1\n\"");
  BOOST_TEST(messages({piece("a"), piece("b"), piece("c")}) == "[abc\n]");
}

BOOST_AUTO_TEST_CASE(a_line_that_is_not_ended_stays_before_what_comes_next) {
  BOOST_TEST(messages({piece("a"), R"({"message":"b\n","phase":"pushing"})"}) == "\"a\n\"\"b\n\"");
  BOOST_TEST(messages({piece("a"), R"({"message":"b","phase":"failed"})"}) == "\"a\n\"\"b\n\"");
  BOOST_TEST(messages({piece("a"), "b"}) == "\"a\n\"\"b\n\"");
  // A phase that is not told is the newest, but such a line is no piece of a step's.
  BOOST_TEST(messages({piece("a"), R"({"message":"b"})"}) == "\"a\n\"\"b\n\"");
}

BOOST_AUTO_TEST_CASE(carriage_returns_and_dockers_records_end_a_line) {
  BOOST_TEST(messages({piece("Fetching base image...\r"), piece("x\n")}) ==
             "\"Fetching base image...\r\n\"\"x\n\"");
  BOOST_TEST(messages({piece("x\r"), piece("\ny\n")}) == "\"x\r\n\"\"y\n\"");
  BOOST_TEST(messages({piece("\r10%"), piece("\r20%\n")}) == "\"\r10%\r20%\n\"");
  BOOST_TEST(messages({piece(R"({"aux": {"ID": "x"}})"), piece("Successfully built x\n")}) ==
             "\"{\"aux\": {\"ID\": \"x\"}}\n\"\"Successfully built x\n\"");
}

BOOST_AUTO_TEST_CASE(an_end_of_colours_makes_no_line) {
  BOOST_TEST(messages({piece("\x1b[91mred\n\x1b[0m")}) == "\"\x1b[91mred\n\"");
  BOOST_TEST(messages({piece("\x1b[91mred\n\x1b[0m"), R"({"message":"b\n","phase":"pushing"})"}) ==
             "\"\x1b[91mred\n\"\"\x1b[0mb\n\"");
}

BOOST_AUTO_TEST_CASE(a_break_after_words_that_were_told_early_makes_no_empty_line) {
  repo2docker_reader reader;
  reader.read(piece("words"));
  BOOST_TEST(reader.holds_back());
  BOOST_TEST(reader.rest().size() == 1);
  BOOST_TEST(!reader.holds_back());
  BOOST_TEST(reader.read(piece("\n")).empty());
  BOOST_TEST(reader.read(piece("\n")).size() == 1, "an empty line of the step's own");
}

BOOST_AUTO_TEST_CASE(a_line_without_end_is_told_in_pieces) {
  repo2docker_reader reader;
  size_t events = 0, most = 0;
  for (int i = 0; i < 1000; ++i)
    for (const auto& event : reader.read(piece(std::string(1000, 'x')))) {
      ++events;
      most = std::max(most, event.json.size());
    }
  BOOST_TEST(events == 15);
  BOOST_TEST(most < 70'000);
}

BOOST_AUTO_TEST_SUITE_END()
