#include "actors/observation.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/git.hpp"
#include "tests/unit/runtime/captured_output.hpp"

using namespace bindery;
using namespace bindery::test;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(observation)

BOOST_AUTO_TEST_CASE(a_password_in_a_link_reaches_neither_log_nor_event_log) {
  std::string pattern = (fs::temp_directory_path() / "bindery-observation-XXXXXX").string();
  fs::path folder = ::mkdtemp(pattern.data());
  auto file = folder / "launches.log";
  git_provider git{git_settings{}};
  launch_request request;
  request.launch_id = "aaaaaaaaaaaaaaa1";
  request.provider = "git";
  request.spec = "https%3A%2F%2Fme%3As3cretpw%40example.org%2Fr/HEAD";
  std::string told;
  {
    auto events = event_log::open(file.string());
    BOOST_REQUIRE(events);
    launch_services services;
    services.find_provider = [&](std::string_view) { return &git; };
    observe_launches(services, std::make_shared<metrics>(),
                     std::make_shared<event_log>(std::move(*events)));
    captured_output captured{STDERR_FILENO};
    auto refused = git.read(request.spec);
    BOOST_REQUIRE(!refused);
    services.on_begin(request);
    services.on_end({request, std::nullopt, refused.error()});
    services.on_end({request, std::nullopt, refused.error(), 0, {}, true});
    told = captured.text();
  }
  std::ifstream in{file};
  auto kept = std::string{std::istreambuf_iterator<char>{in}, {}};
  fs::remove_all(folder);
  for (const auto& text : {told, kept}) {
    BOOST_TEST(text.find("example.org%2Fr/HEAD") != std::string::npos, text);
    BOOST_TEST(text.find("s3cretpw") == std::string::npos, text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
