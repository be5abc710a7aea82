// The folder, ports, steps and crew of a stack of parts.
#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

#include "http/listen_socket.hpp"
#include "local/crew.hpp"
#include "local/images.hpp"
#include "local/parts/parts.hpp"
#include "local/ports.hpp"
#include "local/stack_folder.hpp"
#include "tests/unit/local/local_world.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

struct stack_fixture : local_world {
  stack_folder open(const std::string& name = "state") {
    auto opened = stack_folder::open(path(name));
    BOOST_REQUIRE_MESSAGE(opened, (opened ? "" : describe(opened.error())));
    return std::move(*opened);
  }

  /// A crew whose steps and parts this test may cancel from another thread.
  crew make_crew() { return crew{*system, runner, http}; }

  step_options step_of(std::string script) {
    step_options options;
    options.name = "make it";
    options.process = shell(std::move(script));
    options.say = [this](const std::string& line) { said.add(line); };
    return options;
  }

  part_options part_of(const std::string& name, std::string script) {
    part_options options;
    options.name = name;
    options.process = shell(std::move(script));
    options.readiness.line = "ready";
    options.log_file = path(name + ".log");
    return options;
  }

  heard_lines said;
};

bool private_to_owner(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && (info.st_mode & 077) == 0;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(stacks, stack_fixture)

BOOST_AUTO_TEST_CASE(a_state_folder_is_made_for_its_owner_and_locked) {
  {
    auto folder = open("a/b/state");
    BOOST_TEST(private_to_owner(folder.path()));
    BOOST_TEST(private_to_owner(path("a")));
    BOOST_TEST(folder.id().size() == 7U);
    BOOST_TEST(folder.run_file("x").size() <= 62U);
    auto second = stack_folder::open(path("a/b/../b/state"));
    BOOST_REQUIRE(!second);
    BOOST_CHECK(code_of(second.error()) == errc::io_failed);
    auto words = describe(second.error());
    BOOST_TEST(words.find("process " + std::to_string(::getpid())) != std::string::npos, words);
    BOOST_TEST(words.find(folder.path()) != std::string::npos, words);
  }
  BOOST_TEST(open("a/b/state").path() == std::filesystem::canonical(path("a/b/state")).string());
}

BOOST_AUTO_TEST_CASE(a_lock_moves_with_its_folder_and_release_gives_it_up) {
  auto first = open();
  auto moved = std::move(first);
  BOOST_TEST(!stack_folder::open(path("state")));
  auto sockets = std::filesystem::path{moved.run_file("x")}.parent_path();
  BOOST_TEST(std::filesystem::is_directory(sockets));
  moved.release();
  BOOST_TEST(!std::filesystem::exists(sockets));
  BOOST_TEST(static_cast<bool>(stack_folder::open(path("state"))));
}

BOOST_AUTO_TEST_CASE(a_state_folder_that_cannot_be_made_is_named) {
  std::ofstream{path("file")} << "x";
  auto refused = stack_folder::open(path("file/state"));
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(code_of(refused.error()) == errc::io_failed);
  auto words = describe(refused.error());
  BOOST_TEST(words.find(path("file")) != std::string::npos, words);
  BOOST_TEST(words.find("Not a directory") != std::string::npos, words);
  BOOST_TEST(words.find("--state") != std::string::npos, words);
}

BOOST_AUTO_TEST_CASE(a_state_folder_that_cannot_be_written_is_named) {
  std::filesystem::create_directories(path("state/lock"));  // a folder where the lock should be
  auto refused = stack_folder::open(path("state"));
  BOOST_REQUIRE(!refused);
  auto words = describe(refused.error());
  BOOST_TEST(words.find("Cannot write in the state folder") == 0U, words);
}

BOOST_AUTO_TEST_CASE(secrets_stay_and_are_private) {
  std::string token;
  {
    auto folder = open();
    token = *folder.secret_token("hub");
    BOOST_TEST(token.size() >= 16U);
    BOOST_TEST(*folder.secret_token("other") != token);
    BOOST_TEST(private_to_owner(folder.file("secrets/hub")));
  }
  BOOST_TEST(*open().secret_token("hub") == token);
}

BOOST_AUTO_TEST_CASE(ports_stay_while_they_are_free) {
  auto folder = open();
  uint16_t hub = 0, registry = 0;
  {
    port_book book{folder};
    hub = *book.take("hub");
    registry = *book.take("registry");
    BOOST_TEST(hub != registry);
    // Below what outgoing connections are given.
    BOOST_TEST(hub < 30'000);
  }
  BOOST_TEST(*port_book{folder}.take("hub") == hub);
  auto taken = listen_socket::open("127.0.0.1", hub);
  BOOST_REQUIRE(taken);
  auto other = *port_book{folder}.take("hub");
  BOOST_TEST(other != hub);
  BOOST_TEST(other != registry);
  BOOST_TEST(static_cast<bool>(listen_socket::open("127.0.0.1", other)));
}

BOOST_AUTO_TEST_CASE(a_step_hands_back_its_output_and_tells_its_progress) {
  auto parts = make_crew();
  auto output = parts.run(step_of("echo working >&2; echo one; echo two"));
  BOOST_REQUIRE(output);
  BOOST_TEST(*output == "one\ntwo");
  BOOST_TEST(said.wait_for("working") == "working");
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_is_told_with_its_last_words) {
  auto parts = make_crew();
  auto output = parts.run(step_of("echo first >&2; echo 'no space left' >&2; exit 4"));
  BOOST_REQUIRE(!output);
  BOOST_CHECK(code_of(output.error()) == errc::process_failed);
  BOOST_TEST(describe(output.error()) == "Cannot make it (exit status 4): no space left");
}

BOOST_AUTO_TEST_CASE(cancel_ends_a_step_and_every_later_one) {
  auto parts = make_crew();
  auto done = std::async(std::launch::async,
                         [&] { return parts.run(step_of("echo begun >&2; exec sleep 1000")); });
  BOOST_REQUIRE(!said.wait_for("begun").empty());
  parts.cancel();
  auto output = done.get();
  BOOST_REQUIRE(!output);
  BOOST_CHECK(code_of(output.error()) == errc::cancelled);
  BOOST_CHECK(code_of(parts.run(step_of("echo more")).error()) == errc::cancelled);
}

BOOST_AUTO_TEST_CASE(cancel_ends_the_wait_for_a_part) {
  auto parts = make_crew();
  parts.add(part_of("slow", "exec sleep 1000"));
  auto done = std::async(std::launch::async, [&] { return parts.wait("slow"); });
  parts.cancel();
  BOOST_CHECK(code_of(done.get()) == errc::cancelled);
  parts.stop_all();
}

BOOST_AUTO_TEST_CASE(parts_stop_newest_first) {
  auto parts = make_crew();
  auto order = path("order");
  for (std::string name : {"one", "two", "three"})
    parts.add(part_of(name, "trap 'echo " + name + " >>" + order +
                                "; exit' TERM; echo ready; while :; do sleep 0.02; done"));
  for (auto name : {"one", "two", "three"}) BOOST_TEST(!parts.wait(name));
  BOOST_TEST(parts.has("two"));
  parts.stop("two");
  BOOST_TEST(!parts.has("two"));
  parts.stop_all();
  parts.stop_all();
  BOOST_TEST(content(order) == "two\nthree\none\n");
}

BOOST_AUTO_TEST_CASE(a_git_daemon_whose_port_is_taken_says_so) {
  auto folder = open();
  BOOST_REQUIRE(folder.subfolder("repositories"));
  BOOST_REQUIRE(folder.subfolder("logs"));
  auto taken = listen_socket::open("127.0.0.1", 0);
  BOOST_REQUIRE(taken);
  auto parts = make_crew();
  auto options = git_daemon_part(folder, taken->port());
  options.restart.first_pause = 1ms;
  options.restart.quick_ends = 2;
  parts.add(std::move(options));
  auto words = describe(parts.wait("git daemon"));
  BOOST_TEST(words.find("The git daemon ended") == 0U, words);
  BOOST_TEST(words.find("in use") != std::string::npos, words);
  parts.stop_all();
}

BOOST_AUTO_TEST_CASE(a_git_daemon_serves_what_was_published) {
  auto folder = open();
  BOOST_REQUIRE(folder.subfolder("repositories"));
  BOOST_REQUIRE(folder.subfolder("logs"));
  auto parts = make_crew();
  step_options publish = step_of("");
  publish.process.program = std::string{BINDERY_SOURCE_DIR} + "/local/publish-repository";
  publish.process.arguments = {std::string{BINDERY_SOURCE_DIR} + "/local/sample-repository",
                               folder.file("repositories/sample")};
  auto commit = parts.run(std::move(publish));
  BOOST_REQUIRE_MESSAGE(commit, (commit ? "" : describe(commit.error())));
  port_book book{folder};
  auto port = *book.take("git");
  parts.add(git_daemon_part(folder, port));
  BOOST_TEST(!parts.wait("git daemon"));
  auto refs =
      parts.run(step_of("git ls-remote git://127.0.0.1:" + std::to_string(port) + "/sample HEAD"));
  BOOST_REQUIRE_MESSAGE(refs, (refs ? "" : describe(refs.error())));
  BOOST_TEST(*refs == *commit + "\tHEAD");
  parts.stop_all();
}

BOOST_AUTO_TEST_CASE(an_archive_is_known_by_the_hash_in_its_name) {
  BOOST_TEST(archive_hash("/c/base-image-0123abcd.tar.gz") == "0123abcd");
  BOOST_TEST(archive_hash("/c/base-image-0123abcd.tar") == "");
  BOOST_TEST(archive_hash("/c/other.tar") == "");
}

BOOST_AUTO_TEST_SUITE_END()
