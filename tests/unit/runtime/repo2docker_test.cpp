#include "runtime/build/repo2docker.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace bindery;

namespace {

build_request request() {
  return {"build-x", "127.0.0.1:5000/x:1", "https://example.org/x", "abc", "git", ""};
}

nlohmann::json read(const std::string& line, phase before = phase::fetching) {
  return nlohmann::json::parse(read_repo2docker_line(line, before).json);
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
  BOOST_TEST(read(R"({"phase":7,"message":"x"})", phase::building)["phase"].get<std::string>() ==
             "building");
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

BOOST_AUTO_TEST_SUITE_END()
