#include "actors/fake_build.hpp"

#include <chrono>

#include "tests/unit/actors/recorders.hpp"
#include "tests/unit/actors/virtual_time.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

struct fake_world : virtual_time {
  /// The events of a build of `repo_url`, to its end.
  std::shared_ptr<recording> build(const std::string& repo_url) {
    auto told = std::make_shared<recording>();
    auto sink = spawn(recording_sink, told);
    build_request request{"build-x", "fake/x:1", repo_url, std::string(40, 'a'), "fake", ""};
    make_fake_backend()(*system, request, sink);
    drain();
    // It takes its time, as a build does.
    BOOST_TEST(told->events.empty());
    for (int i = 0; i < 200; ++i) advance(100ms);
    return told;
  }

  static std::vector<std::string> order(const recording& told) {
    std::vector<std::string> words;
    for (auto& word : told.phases())
      if (words.empty() || words.back() != word) words.push_back(word);
    return words;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(fake_builds, fake_world)

BOOST_AUTO_TEST_CASE(tell_what_a_build_would_to_its_end) {
  auto told = build("https://example.com/fake/x");
  BOOST_TEST(joined(order(*told)) == "fetching building unknown building pushing built");
  auto pushing = nlohmann::json::parse(told->events.at(told->events.size() - 3).json);
  BOOST_TEST(pushing["progress"].is_object());
  BOOST_TEST(told->message(told->events.size() - 1) == "Built fake/x:1\n");
}

BOOST_AUTO_TEST_CASE(the_repository_fail_fails) {
  auto told = build("https://example.com/fake/fail");
  BOOST_TEST(told->phases().back() == "failed");
}

BOOST_AUTO_TEST_SUITE_END()
