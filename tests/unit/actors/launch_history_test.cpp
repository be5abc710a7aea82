#include "actors/launch_history.hpp"

#include <filesystem>
#include <unistd.h>

#include "runtime/launch/stage_history_file.hpp"
#include "tests/unit/actors/virtual_time.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct history_world : virtual_time {
  history_world() {
    std::string pattern = (fs::temp_directory_path() / "bindery-XXXXXX").string();
    root = ::mkdtemp(pattern.data());
    options.file = (root / "history.json").string();
  }
  ~history_world() {
    end_all();
    fs::remove_all(root);
  }
  launch_history_actor start() { return spawn(launch_history, options); }
  int64_t launch_time(const launch_history_actor& of) {
    auto known = ask<launch_estimate>(of, count_atom::value, std::string{"gh/u/r"});
    BOOST_REQUIRE(known->value);
    return known->value->of(launch_stage::launch);
  }

  fs::path root;
  launch_history_options options;
  const stage_time took{"gh/u/r", launch_stage::launch, 8'000};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(launch_history_suite)

BOOST_FIXTURE_TEST_CASE(what_is_recorded_is_written_a_while_later, history_world) {
  auto history = start();
  BOOST_TEST(launch_time(history) == -1);
  tell(history, event_atom::value, took);
  BOOST_TEST(launch_time(history) == 8'000);
  BOOST_TEST(!fs::exists(options.file));
  advance(10s);
  BOOST_TEST(fs::exists(options.file));
  BOOST_TEST(launch_time(start()) == 8'000);
  fs::remove(options.file);
  advance(60s);
  BOOST_TEST(!fs::exists(options.file));  // there was nothing new to write
}

BOOST_FIXTURE_TEST_CASE(what_is_new_at_the_end_is_written, history_world) {
  auto history = start();
  tell(history, event_atom::value, took);
  end(history);
  BOOST_TEST(launch_time(start()) == 8'000);
}

BOOST_FIXTURE_TEST_CASE(a_damaged_file_does_not_stop_the_start, history_world) {
  fs::create_directory(options.file);
  auto history = start();
  BOOST_TEST(launch_time(history) == -1);
  tell(history, event_atom::value, took);
  advance(10s);
  BOOST_TEST(fs::is_regular_file(options.file));
  BOOST_TEST(fs::is_directory(options.file + ".damaged"));
}

BOOST_FIXTURE_TEST_CASE(without_a_folder_it_is_known_to_the_process, history_world) {
  for (std::string file : {std::string{}, options.file + "/no/folder\xff"}) {
    options.file = file;
    auto history = start();
    tell(history, event_atom::value, took);
    advance(10s);
    BOOST_TEST(launch_time(history) == 8'000);
  }
}

BOOST_AUTO_TEST_SUITE_END()
