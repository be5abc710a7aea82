#include "runtime/process/private_folder.hpp"

#include <csignal>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"

using namespace bindery;

namespace {

namespace fs = std::filesystem;

/// A place for private folders that is not there yet.
struct place_fixture {
  place_fixture() {
    std::string pattern = (fs::temp_directory_path() / "bindery-XXXXXX").string();
    base = ::mkdtemp(pattern.data());
    place = (base / "state/private").string();
  }
  ~place_fixture() { fs::remove_all(base); }

  private_folder make() const {
    auto made = private_folder::make(place);
    if (!made) BOOST_FAIL(describe(made.error()));
    return std::move(*made);
  }

  size_t folders() const {
    size_t found = 0;
    for (const auto& one : fs::directory_iterator{place}) found += one.is_directory() ? 1 : 0;
    return found;
  }

  fs::path base;
  std::string place;
};

bool is_for_its_owner_alone(const fs::path& path) {
  auto others = fs::perms::group_all | fs::perms::others_all;
  return (fs::status(path).permissions() & others) == fs::perms::none;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(private_folders, place_fixture)

BOOST_AUTO_TEST_CASE(nobody_else_looks_in_and_it_goes_with_its_object) {
  std::string path;
  {
    auto folder = make();
    path = folder.path();
    BOOST_REQUIRE(!folder.write("secret", "sekret"));
    BOOST_CHECK(code_of(folder.write("secret", "again")) == errc::io_failed);
    for (const auto& each : {place, path, path + "/secret"})
      BOOST_TEST(is_for_its_owner_alone(each), each);
    auto moved = std::move(folder);
    BOOST_TEST(moved.path() == path);
    BOOST_TEST(fs::exists(path));
  }
  BOOST_TEST(!fs::exists(path));
  BOOST_TEST(folders() == 0U);
}

BOOST_AUTO_TEST_CASE(a_place_that_others_could_look_into_is_closed) {
  fs::create_directories(place);
  fs::permissions(place, fs::perms::all);
  auto folder = make();
  BOOST_TEST(is_for_its_owner_alone(place));
}

BOOST_AUTO_TEST_CASE(a_place_that_is_a_link_is_refused) {
  fs::create_directories(base / "elsewhere");
  fs::create_directories(fs::path{place}.parent_path());
  fs::create_directory_symlink(base / "elsewhere", place);
  auto refused = private_folder::make(place);
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(code_of(refused.error()) == errc::forbidden);
  BOOST_TEST(describe(refused.error()).find(place) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_killed_process_left_goes_at_the_next_start_and_nothing_else) {
  int ready[2];
  BOOST_REQUIRE(::pipe(ready) == 0);
  auto child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    auto folder = private_folder::make(place);
    bool done = folder && !folder->write("secret", "sekret");
    char word = done ? 'y' : 'n';
    if (::write(ready[1], &word, 1) == 1)
      for (;;) ::pause();
    ::_exit(1);
  }
  char word = 0;
  BOOST_REQUIRE(::read(ready[0], &word, 1) == 1);
  BOOST_REQUIRE(word == 'y');
  ::close(ready[0]);
  ::close(ready[1]);
  auto first = make();
  BOOST_TEST(folders() == 2U);  // the child lives
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  BOOST_TEST(folders() == 2U);
  fs::create_directory(fs::path{place} / "unlocked");  // killed before it had its lock
  auto second = make();
  BOOST_TEST(folders() == 2U);
  BOOST_TEST(fs::exists(first.path()));
  BOOST_TEST(fs::exists(second.path()));
}

BOOST_AUTO_TEST_SUITE_END()
