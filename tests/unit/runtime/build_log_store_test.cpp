#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "runtime/build/log_store.hpp"
#include "runtime/error.hpp"

using namespace bindery;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct log_folder {
  log_folder() {
    std::string pattern = (fs::temp_directory_path() / "bindery-XXXXXX").string();
    root = ::mkdtemp(pattern.data());
  }
  ~log_folder() { fs::remove_all(root); }

  build_log_store open(build_log_bounds bounds = {1'000, 24h}) const {
    auto store = build_log_store::open((root / "state/build-logs").string(), bounds);
    BOOST_REQUIRE_MESSAGE(store, (store ? "" : describe(store.error())));
    return *store;
  }
  static std::string keep(const build_log_store& store, const std::string& text) {
    auto id = store.keep(text, now());
    BOOST_REQUIRE_MESSAGE(id, (id ? "" : describe(id.error())));
    return *id;
  }
  static build_log_store::clock::time_point now() { return build_log_store::clock::now(); }
  /// Makes a log as old as that.
  void age(const std::string& id, std::chrono::seconds by) const {
    auto path = root / "state/build-logs" / (id + ".log");
    fs::last_write_time(path, fs::last_write_time(path) - by);
  }
  size_t files() const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator{root / "state/build-logs"}, fs::directory_iterator{}));
  }
  static bool is_there(const build_log_store& store, const std::string& id) {
    return static_cast<bool>(store.read(id, 0, 1));
  }

  fs::path root;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(build_log_stores, log_folder)

BOOST_AUTO_TEST_CASE(a_log_is_read_in_pieces_also_by_another_process) {
  auto writer = open();
  auto id = keep(writer, "0123456789");
  BOOST_TEST(is_build_log_id(id));
  auto store = open();
  auto first = store.read(id, 0, 4);
  BOOST_REQUIRE(first);
  BOOST_TEST(first->total_bytes == 10U);
  BOOST_TEST(first->text == "0123");
  BOOST_TEST(store.read(id, 8, 4)->text == "89");
  BOOST_TEST(store.read(id, 10, 4)->text.empty());
  BOOST_TEST(store.read(id, uint64_t{1} << 63, 4)->text.empty());
}

BOOST_AUTO_TEST_CASE(logs_are_for_their_owner_alone_and_ids_differ) {
  auto store = open();
  auto id = keep(store, "x");
  BOOST_TEST(keep(store, "x") != id);
  struct stat info {};
  BOOST_REQUIRE(::stat((root / "state/build-logs" / (id + ".log")).c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 0777) == 0600U);
  BOOST_REQUIRE(::stat((root / "state/build-logs").c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 0777) == 0700U);
}

BOOST_AUTO_TEST_CASE(what_is_no_id_of_ours_finds_nothing) {
  auto store = open();
  std::ofstream{root / "state/secret.log"} << "secret";
  fs::create_symlink(root / "state/secret.log",
                     root / "state/build-logs/aaaaaaaaaaaaaaaaaaaaaaaa.log");
  for (std::string id :
       {"", "../secret", "aaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaA",
        "aaaaaaaaaaaaaaaaaaaaaaa/", "bbbbbbbbbbbbbbbbbbbbbbbb", "aaaaaaaaaaaaaaaaaaaaaaaa"})
    BOOST_TEST(!store.read(id, 0, 10), id);
  auto missing = store.read("bbbbbbbbbbbbbbbbbbbbbbbb", 0, 10);
  BOOST_TEST((code_of(missing.error()) == errc::unresolvable_ref));
}

BOOST_AUTO_TEST_CASE(the_oldest_go_when_all_together_are_too_large) {
  auto store = open();
  auto oldest = keep(store, std::string(400, 'a'));
  age(oldest, 60s);
  auto older = keep(store, std::string(400, 'b'));
  age(older, 30s);
  auto newest = keep(store, std::string(400, 'c'));
  BOOST_TEST(!is_there(store, oldest));
  BOOST_TEST(is_there(store, older));
  BOOST_TEST(is_there(store, newest));
}

BOOST_AUTO_TEST_CASE(one_that_is_larger_than_all_bounds_keeps_its_end) {
  auto store = open();
  auto id = keep(store, std::string(2'000, 'a') + "the end");
  auto piece = store.read(id, 0, 5'000);
  BOOST_REQUIRE(piece);
  BOOST_TEST(piece->total_bytes == 1'000U);
  BOOST_TEST(piece->text.ends_with("the end"));
}

BOOST_AUTO_TEST_CASE(what_is_too_old_or_was_never_finished_goes) {
  auto store = open();
  auto old = keep(store, "a");
  age(old, 25h);
  auto young = keep(store, "b");
  auto crashed = root / "state/build-logs/cccccccccccccccccccccccc.new";
  std::ofstream{crashed} << "half";
  std::ofstream{root / "state/build-logs/readme"} << "not ours";
  store.prune(now());
  BOOST_TEST(!is_there(store, old));
  BOOST_TEST(is_there(store, young));
  BOOST_TEST(fs::exists(crashed));  // somebody may be writing it
  fs::last_write_time(crashed, fs::last_write_time(crashed) - 2h);
  store.prune(now());
  BOOST_TEST(files() == 2U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_used_is_named) {
  std::ofstream{root / "file"} << "in the way";
  auto store = build_log_store::open((root / "file/build-logs").string(), {1'000, 24h});
  BOOST_REQUIRE(!store);
  BOOST_TEST((code_of(store.error()) == errc::io_failed));
  BOOST_TEST(describe(store.error()).find((root / "file").string()) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_told_and_leaves_nothing) {
  auto store = open();
  fs::remove_all(root / "state/build-logs");
  auto id = store.keep("text", now());
  BOOST_REQUIRE(!id);
  BOOST_TEST((code_of(id.error()) == errc::io_failed));
}

BOOST_AUTO_TEST_SUITE_END()
