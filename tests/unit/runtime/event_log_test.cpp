#include "runtime/event_log/event_log.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "captured_output.hpp"
#include "runtime/error.hpp"

using namespace bindery;
using namespace bindery::test;
namespace fs = std::filesystem;

namespace {

launch_record example(const std::string& spec = "u/r/HEAD") {
  return {"GitHub", spec, "0123abc", "success", true, "hub.example.org", "same-origin"};
}

struct folder_fixture {
  folder_fixture() {
    std::string pattern = (fs::temp_directory_path() / "bindery-event-log-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  ~folder_fixture() { fs::remove_all(folder); }

  std::string path(const std::string& name = "launches.log") const { return folder / name; }

  event_log open(event_log_bounds bounds = {}) const {
    auto log = event_log::open(path(), bounds);
    BOOST_REQUIRE_MESSAGE(log, (log ? "" : describe(log.error())));
    return std::move(*log);
  }

  std::vector<std::string> lines(const std::string& name = "launches.log") const {
    std::ifstream in{path(name)};
    return lines_of({std::istreambuf_iterator<char>{in}, {}});
  }

  mode_t mode(const std::string& name = "launches.log") const {
    struct stat status {};
    BOOST_REQUIRE(::stat(path(name).c_str(), &status) == 0);
    return status.st_mode & 07777;
  }

  fs::path folder;
};

/// Files cannot grow beyond `bytes` while it lives, as on a full disk.
struct full_disk {
  explicit full_disk(rlim_t bytes) : handler(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit small = {bytes, before.rlim_max};
    BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  }
  ~full_disk() {
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
  }

  rlimit before{};
  void (*handler)(int);
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(launch_event_log, folder_fixture)

BOOST_AUTO_TEST_CASE(line_is_upstreams_event) {
  std::chrono::system_clock::time_point when{
      std::chrono::duration_cast<std::chrono::system_clock::duration>(
          std::chrono::microseconds{1'795'464'000'000'042})};
  BOOST_TEST(
      event_line(example(), when) ==
      R"({"timestamp":"2026-11-23T20:00:00.000042Z","schema":"binderhub.jupyter.org/launch",)"
      R"("version":6,"provider":"GitHub","spec":"u/r/HEAD","ref":"0123abc",)"
      R"("status":"success","build_token":true,"origin":"hub.example.org",)"
      R"("request_origin":"same-origin"})");
  BOOST_TEST(nlohmann::json::parse(event_line({}, when))["build_token"] == false);
}

BOOST_AUTO_TEST_CASE(hostile_values_stay_in_one_line) {
  auto line = event_line(example("a\"\n{}\xff\xe2\x80\xa8"), {});
  BOOST_TEST(line.find_first_of("\n\r") == std::string::npos);
  BOOST_TEST(nlohmann::json::parse(line)["spec"].get<std::string>() ==
             "a\"\n{}\xef\xbf\xbd\xe2\x80\xa8");
}

BOOST_AUTO_TEST_CASE(records_are_in_the_file_at_once_with_the_present_time) {
  auto log = open();
  auto failed = example("second");
  failed.status = "failure";
  log.write(example("first"));
  log.write(failed);
  auto written = lines();
  BOOST_REQUIRE_EQUAL(written.size(), 2U);
  auto first = nlohmann::json::parse(written[0]);
  BOOST_TEST(first["spec"] == "first");
  BOOST_TEST(nlohmann::json::parse(written[1])["status"] == "failure");
  auto before =
      event_line(example("first"), std::chrono::system_clock::now() - std::chrono::seconds{60});
  auto after = event_line(example("first"), std::chrono::system_clock::now());
  BOOST_TEST(written[0] > before);
  BOOST_TEST(written[0] <= after);
}

BOOST_AUTO_TEST_CASE(file_is_the_owners_alone) {
  auto mask = ::umask(0);
  open().write(example());
  ::umask(mask);
  BOOST_TEST(mode() == 0600U);
  ::chmod(path().c_str(), 0644);
  open().write(example());
  BOOST_TEST(mode() == 0600U);
}

BOOST_AUTO_TEST_CASE(what_was_there_is_kept_and_a_torn_line_ended) {
  open().write(example("before"));
  std::ofstream{path(), std::ios::app} << R"({"timestamp":"torn)";
  open().write(example("after"));
  auto written = lines();
  BOOST_REQUIRE_EQUAL(written.size(), 3U);
  BOOST_TEST(nlohmann::json::parse(written[0])["spec"] == "before");
  BOOST_TEST(nlohmann::json::parse(written[2])["spec"] == "after");
}

BOOST_AUTO_TEST_CASE(files_rotate_by_size_and_the_oldest_go) {
  auto mask = ::umask(0);
  auto log = open({1000, 2});
  for (int i = 0; i < 40; ++i) log.write(example(std::to_string(i)));
  ::umask(mask);
  BOOST_TEST(std::distance(fs::directory_iterator{folder}, {}) == 3);
  int next = 39;
  for (std::string name : {"launches.log", "launches.1.log", "launches.2.log"}) {
    BOOST_TEST(fs::file_size(path(name)) <= 1000U);
    BOOST_TEST(mode(name) == 0600U);
    auto written = lines(name);
    for (auto line = written.rbegin(); line != written.rend(); ++line)
      BOOST_TEST(nlohmann::json::parse(*line)["spec"] == std::to_string(next--));
  }
  BOOST_TEST(next < 35);
}

BOOST_AUTO_TEST_CASE(unusable_place_is_told_with_reason_and_remedy) {
  BOOST_REQUIRE(::mkfifo(path("fifo").c_str(), 0600) == 0);
  auto refused = [](const std::string& where, const std::string& reason) {
    auto log = event_log::open(where);
    BOOST_REQUIRE(!log);
    BOOST_CHECK(code_of(log.error()) == errc::io_failed);
    auto text = describe(log.error());
    BOOST_TEST(text.find("Cannot write the event log " + where + ": " + reason) == 0U, text);
    BOOST_TEST(text.find("Bindery.event_log_file") != std::string::npos);
  };
  refused(path("missing/launches.log"), "No such file or directory");
  refused(folder, "Is a directory");
  refused(path("fifo"), "it is not a regular file");
  refused("/dev/null", "it is not a regular file");
  BOOST_TEST(!fs::exists(path("missing")));
}

BOOST_AUTO_TEST_CASE(full_disk_is_logged_once_and_so_is_its_end) {
  auto log = open();
  log.write(example("before"));
  captured_output captured{STDERR_FILENO};
  {
    full_disk full{fs::file_size(path()) + 20};
    for (int i = 0; i < 5; ++i) log.write(example("lost"));
  }
  auto told = captured.lines();
  BOOST_REQUIRE_EQUAL(told.size(), 1U);
  BOOST_TEST(told[0].find(" error event log cannot be written") == 24U);
  BOOST_TEST(told[0].find(path()) != std::string::npos);
  BOOST_TEST(told[0].find("File too large") != std::string::npos);
  log.write(example("after"));
  log.write(example("after"));
  told = captured.lines();
  BOOST_REQUIRE_EQUAL(told.size(), 2U);
  BOOST_TEST(told[1].find(" info event log writes again") == 24U);
  BOOST_TEST(told[1].find("records_lost=5") != std::string::npos);
  auto written = lines();
  BOOST_REQUIRE(written.size() >= 3U);
  for (auto line : {written.end() - 2, written.end() - 1})
    BOOST_TEST(nlohmann::json::parse(*line)["spec"] == "after");
}

BOOST_AUTO_TEST_CASE(folder_that_vanishes_and_comes_back) {
  auto log = open({1000, 2});
  for (int i = 0; i < 3; ++i) log.write(example());
  fs::remove_all(folder);
  captured_output captured{STDERR_FILENO};
  for (int i = 0; i < 20; ++i) log.write(example());
  fs::create_directory(folder);
  log.write(example("back"));
  auto told = captured.lines();
  BOOST_REQUIRE_EQUAL(told.size(), 2U);
  BOOST_TEST(told[0].find("No such file or directory") != std::string::npos);
  BOOST_TEST(told[1].find("records_lost=") != std::string::npos);
  BOOST_REQUIRE_EQUAL(lines().size(), 1U);
  BOOST_TEST(nlohmann::json::parse(lines()[0])["spec"] == "back");
}

BOOST_AUTO_TEST_CASE(dash_is_standard_output) {
  auto log = event_log::open("-");
  BOOST_REQUIRE(log);
  std::vector<std::string> written;
  {
    captured_output captured{STDOUT_FILENO};
    log->write(example("one"));
    log->write(example("two"));
    written = captured.lines();
  }
  BOOST_REQUIRE_EQUAL(written.size(), 2U);
  BOOST_TEST(nlohmann::json::parse(written[1])["spec"] == "two");
}

BOOST_AUTO_TEST_CASE(full_standard_output_tears_no_later_line) {
  auto log = event_log::open("-");
  BOOST_REQUIRE(log);
  captured_output errors{STDERR_FILENO};
  std::vector<std::string> written;
  {
    captured_output captured{STDOUT_FILENO};
    {
      full_disk full{300};
      for (int i = 0; i < 5; ++i) log->write(example("lost"));
    }
    log->write(example("after"));
    written = captured.lines();
  }
  BOOST_TEST(errors.lines().size() == 2U);
  BOOST_REQUIRE(written.size() >= 2U);
  BOOST_TEST(nlohmann::json::parse(written.back())["spec"] == "after");
}

BOOST_AUTO_TEST_CASE(no_place_is_no_log) {
  auto log = event_log::open("");
  BOOST_REQUIRE(log);
  captured_output out{STDOUT_FILENO};
  captured_output errors{STDERR_FILENO};
  log->write(example());
  BOOST_TEST(out.text() + errors.text() == "");
}

BOOST_AUTO_TEST_CASE(threads_do_not_mix_their_lines) {
  auto log = open({20'000, 9});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&log] {
      for (int i = 0; i < 100; ++i) log.write(example());
    });
  for (auto& each : threads) each.join();
  size_t count = 0;
  for (const auto& file : fs::directory_iterator{folder})
    for (const auto& line : lines(file.path().filename()))
      count += nlohmann::json::parse(line)["spec"] == "u/r/HEAD" ? 1 : 0;
  BOOST_TEST(count == 400U);
}

BOOST_AUTO_TEST_SUITE_END()
