#include "runtime/launch/stage_history.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "runtime/build/stage_clock.hpp"
#include "runtime/error.hpp"
#include "runtime/launch/stage_history_file.hpp"

using namespace bindery;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

stage_history of(std::vector<stage_time> all, stage_history_bounds bounds = {}) {
  stage_history history{bounds};
  for (const auto& one : all) BOOST_TEST(history.record(one));
  return history;
}

/// A folder with the file of a history.
struct history_folder {
  history_folder() {
    std::string pattern = (fs::temp_directory_path() / "bindery-XXXXXX").string();
    root = ::mkdtemp(pattern.data());
  }
  ~history_folder() { fs::remove_all(root); }

  std::string path() const { return (root / "state/launch-history.json").string(); }
  void write(const std::string& text) const {
    fs::create_directories(root / "state");
    std::ofstream{path()} << text;
  }
  size_t files() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator{root / "state"}, {}));
  }
  stage_history load() {
    damage.clear();
    auto found = load_stage_history(path(), damage);
    BOOST_REQUIRE_MESSAGE(found, (found ? "" : describe(found.error())));
    return std::move(*found);
  }

  fs::path root;
  std::string damage;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(stage_history_suite)

BOOST_AUTO_TEST_CASE(medians_of_what_is_known) {
  stage_history history;
  auto nothing = history.estimate("gh/u/r");
  BOOST_TEST(nothing.launches == 0U);
  BOOST_TEST(nothing.builds == 0U);
  BOOST_TEST(nothing.of(launch_stage::build) == -1);
  for (int64_t took : {9'000, 1'000, 5'000}) history.record({"gh/u/r", launch_stage::launch, took});
  for (int64_t took : {60'000, 70'000}) history.record({"gh/u/r", launch_stage::build, took});
  history.record({"gh/u/other", launch_stage::push, 1});
  auto known = history.estimate("gh/u/r");
  BOOST_TEST(known.launches == 3U);
  BOOST_TEST(known.builds == 2U);
  BOOST_TEST(known.of(launch_stage::launch) == 5'000);
  BOOST_TEST(known.of(launch_stage::build) == 65'000);
  BOOST_TEST(known.of(launch_stage::push) == -1);
}

BOOST_AUTO_TEST_CASE(the_newest_samples_and_the_last_used_repositories_stay) {
  stage_history history{{2, 3}};
  for (int64_t took : {1, 1, 1, 50, 60, 70}) history.record({"a", launch_stage::fetch, took});
  BOOST_TEST(history.estimate("a").of(launch_stage::fetch) == 60);
  history.record({"b", launch_stage::fetch, 2});
  history.estimate("a");
  history.record({"c", launch_stage::fetch, 3});
  BOOST_TEST(history.size() == 2U);
  BOOST_TEST(history.estimate("a").of(launch_stage::fetch) == 60);
  BOOST_TEST(history.estimate("b").of(launch_stage::fetch) == -1);
  BOOST_TEST(history.estimate("c").of(launch_stage::fetch) == 3);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_not_kept) {
  stage_history history;
  BOOST_TEST(!history.record({"a", launch_stage::fetch, -1}));
  BOOST_TEST(!history.record({"a", launch_stage::fetch, 25 * 3600 * 1000}));
  BOOST_TEST(!history.record({"", launch_stage::fetch, 1}));
  BOOST_TEST(!history.record({std::string(2'000, 'a'), launch_stage::fetch, 1}));
  BOOST_TEST(!history.record({"\xff", launch_stage::fetch, 1}));
  BOOST_TEST(!history.record({"a", static_cast<launch_stage>(5), 1}));
  BOOST_TEST(history.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_text_holds_it_all_in_the_same_order) {
  auto history = of({{"old", launch_stage::push, 7},
                     {"mid \"dle\"", launch_stage::resolve, 1},
                     {"mid \"dle\"", launch_stage::resolve, 3},
                     {"new", launch_stage::launch, 9}});
  auto again = stage_history::read(history.text());
  BOOST_REQUIRE(again);
  BOOST_TEST(again->text() == history.text());
  auto fewer = stage_history::read(history.text(), {2, 1});
  BOOST_REQUIRE(fewer);
  BOOST_TEST(fewer->size() == 2U);
  BOOST_TEST(fewer->estimate("old").of(launch_stage::push) == -1);
  BOOST_TEST(fewer->estimate("mid \"dle\"").of(launch_stage::resolve) == 3);
}

BOOST_AUTO_TEST_CASE(no_text_of_another_kind_is_read) {
  auto with = [](const std::string& list) { return R"({"format":1,"repositories":)" + list + "}"; };
  BOOST_TEST(!!stage_history::read(with("[]")));
  for (const auto& bad :
       {std::string{}, std::string{"null"}, std::string{"[]"}, std::string{R"({"format":2})"},
        std::string{R"({"format":1})"}, with("{}"), with("[1]"), with("[{}]"),
        with(R"([{"repository":1,"milliseconds":{}}])"),
        with(R"([{"repository":"a","milliseconds":[]}])"),
        with(R"([{"repository":"a","milliseconds":{"push":1}}])"),
        with(R"([{"repository":"a","milliseconds":{"push":[1.5]}}])"),
        with(R"([{"repository":"a","milliseconds":{"push":["1"]}}])"),
        with(R"([{"repository":"a","milliseconds":{"push":[-1]}}])"),
        with(R"([{"repository":"","milliseconds":{"push":[1]}}])"), std::string(100'000, '[')}) {
    auto read = stage_history::read(bad);
    BOOST_TEST(!read, bad.substr(0, 80));
    if (!read) BOOST_TEST((code_of(read.error()) == errc::bad_answer));
  }
}

BOOST_AUTO_TEST_CASE(a_file_survives_its_process) {
  history_folder folder;
  BOOST_TEST(folder.load().size() == 0U);
  auto history = of({{"gh/u/r", launch_stage::build, 61'000}});
  BOOST_TEST(!save_stage_history(folder.path(), history));
  history.record({"gh/u/r", launch_stage::build, 63'000});
  BOOST_TEST(!save_stage_history(folder.path(), history));
  BOOST_TEST(folder.files() == 1U);
  struct stat info {};
  BOOST_REQUIRE(::stat(folder.path().c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 0777) == 0600U);
  auto again = folder.load();
  BOOST_TEST(again.estimate("gh/u/r").of(launch_stage::build) == 62'000);
  BOOST_TEST(folder.damage.empty());
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_set_aside) {
  history_folder folder;
  for (std::string bad : {"{\"format\":1,\"reposi", ""}) {
    folder.write(bad);
    BOOST_TEST(folder.load().size() == 0U);
    BOOST_TEST(folder.damage.find("launch-history.json.damaged") != std::string::npos);
    BOOST_TEST(!fs::exists(folder.path()));
    std::ifstream aside{folder.path() + ".damaged"};
    BOOST_TEST(std::string(std::istreambuf_iterator<char>{aside}, {}) == bad);
  }
  folder.write("x");
  fs::resize_file(folder.path(), 64 * 1024 * 1024);
  BOOST_TEST(folder.load().size() == 0U);
  BOOST_TEST(!folder.damage.empty());
  // A link would be written through.
  fs::create_symlink("elsewhere", folder.path());
  BOOST_TEST(folder.load().size() == 0U);
  BOOST_TEST(!folder.damage.empty());
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_none_is_told) {
  history_folder folder;
  folder.write("");
  auto why = save_stage_history(folder.path() + "/x/history.json", stage_history{});
  BOOST_TEST((code_of(why) == errc::io_failed));
  std::string damage;
  auto found = load_stage_history(folder.path() + "/x/history.json", damage);
  BOOST_REQUIRE(!found);
  BOOST_TEST((code_of(found.error()) == errc::io_failed));
}

BOOST_AUTO_TEST_CASE(a_builds_phases_are_its_stages) {
  auto begin = build_stage_clock::time_point{};
  build_stage_clock clock;
  clock.start(begin);
  clock.see(phase::fetching, begin + 1s);
  clock.see(phase::unknown, begin + 2s);
  clock.see(phase::building, begin + 3s);
  clock.see(phase::building, begin + 40s);
  clock.see(phase::pushing, begin + 60s);
  clock.see(phase::building, begin + 61s);
  auto all = clock.end(begin + 75s);
  BOOST_REQUIRE(all.size() == 3U);
  for (auto [at, what, took] : {std::tuple{0, launch_stage::fetch, 3'000},
                                {1, launch_stage::build, 57'000},
                                {2, launch_stage::push, 15'000}}) {
    BOOST_TEST((all[static_cast<size_t>(at)].what == what));
    BOOST_TEST(all[static_cast<size_t>(at)].milliseconds == took);
  }
}

BOOST_AUTO_TEST_CASE(a_build_without_a_push_has_none_and_one_that_built_nothing_tells_nothing) {
  auto begin = build_stage_clock::time_point{};
  build_stage_clock local;
  local.start(begin);
  local.see(phase::building, begin + 1s);
  BOOST_TEST(local.end(begin + 5s).size() == 2U);
  build_stage_clock reused;
  reused.start(begin);
  reused.see(phase::fetching, begin + 1s);
  reused.see(phase::pushing, begin + 2s);
  BOOST_TEST(reused.end(begin + 5s).empty());
  build_stage_clock never;
  never.see(phase::building, begin);
  BOOST_TEST(never.end(begin + 5s).empty());
}

BOOST_AUTO_TEST_SUITE_END()
