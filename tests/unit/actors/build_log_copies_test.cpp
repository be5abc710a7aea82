#include <filesystem>
#include <unistd.h>

#include "actors/build_logs.hpp"
#include "actors/builder.hpp"
#include "runtime/build/log_text.hpp"
#include "tests/unit/actors/virtual_time.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

const std::string id = "abcdefghijklmnopqrstuvwx";

/// Logs of another node, which the test answers for.
struct other_node : virtual_time {
  other_node() {
    std::string pattern = (fs::temp_directory_path() / "bindery-XXXXXX").string();
    root = ::mkdtemp(pattern.data());
    store = open_build_logs({(root / "logs").string(), {1'000, 24h}});
    logs = spawn(build_logs, store);
    there = spawn(
        [this](build_log_reader_actor::pointer self) -> build_log_reader_actor::behavior_type {
          return {[this, self](read_atom, const std::string& what) -> caf::result<std::string> {
            if (what.empty()) {  // the test's bell
              promise.deliver(*answer);
              return std::string{};
            }
            reads.push_back(what);
            if (answer) return *answer;
            promise = self->make_response_promise();
            return caf::delegated<std::string>{};
          }};
        });
  }
  ~other_node() {
    end_all();
    fs::remove_all(root);
  }

  auto copy(const std::string& of = id) { return ask<void>(logs, fetch_atom::value, of, there); }

  fs::path root;
  std::shared_ptr<const build_log_store> store;
  build_logs_actor logs;
  build_log_reader_actor there;
  std::optional<std::string> answer;
  std::vector<std::string> reads;
  caf::response_promise promise;
};

/// A builder whose build fails with a log, and a client's node that the test answers for.
struct failing_build : virtual_time {
  failing_build() {
    place.url = "https://front.example/";
    place.ours = spawn([]() -> build_logs_actor::behavior_type {
      return {[](create_atom, const std::string&, const std::string&) { return id; },
              [](read_atom, const std::string&) { return std::string{}; },
              [](fetch_atom, const std::string&, const build_log_reader_actor&) {},
              [](delete_atom) {}};
    });
    place.clients =
        spawn([this](build_logs_actor::pointer self) -> build_logs_actor::behavior_type {
          return {[](create_atom, const std::string&, const std::string&) { return id; },
                  [](read_atom, const std::string&) { return std::string{}; },
                  [this, self](fetch_atom, const std::string& what,
                               const build_log_reader_actor& from) -> caf::result<void> {
                    asked_for = what;
                    asked_of_us = from == place.ours;
                    copied = self->make_response_promise();
                    if (answers) copied.deliver(caf::unit);
                    return caf::delegated<void>{};
                  },
                  // The test's bell.
                  [this](delete_atom) { copied.deliver(caf::unit); }};
        });
    directory = spawn([this]() -> build_directory_actor::behavior_type {
      return {[this](build_atom, const build_request&) { return building; },
              [](end_atom, const std::string&, bool) {}};
    });
    building = spawn([](build_actor::pointer self) -> build_actor::behavior_type {
      return {[self](subscribe_atom, const build_sink_actor& sink, uint64_t) {
                self->send(sink, event_atom::value, std::string{},
                           with_build_log(make_failure("it broke", 0), id));
              },
              [](leave_atom, const build_sink_actor&) {},
              [](wait_atom, uint64_t) {},
              [](start_atom) {},
              [](event_atom, const std::string&, const stream_event&) {},
              [](stop_atom) {}};
    });
    supervisor = spawn([]() -> launch_supervisor_actor::behavior_type {
      return {[](wait_atom) {}, [](start_atom) {}, [](run_atom) {}, [](leave_atom) {},
              [](event_atom, const std::string&, const stream_event&) {}};
    });
  }
  ~failing_build() { end_all(); }

  auto run() {
    return ask<void>(spawn(builder, directory, build_request{}, supervisor, place),
                     run_atom::value);
  }

  build_log_place place;
  build_directory_actor directory;
  build_actor building;
  launch_supervisor_actor supervisor;
  bool answers = true;
  bool asked_of_us = false;
  std::string asked_for;
  caf::response_promise copied;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(build_log_copies)

BOOST_FIXTURE_TEST_CASE(a_log_comes_over_once_for_all_who_ask, other_node) {
  auto first = copy();
  auto second = copy();
  BOOST_TEST(!first->done());
  BOOST_TEST(reads.size() == 1U);
  answer = "the log\n";
  ask<std::string>(there, read_atom::value, std::string{});
  BOOST_TEST(first->value.has_value());
  BOOST_TEST(second->value.has_value());
  BOOST_TEST(store->read(id, 0, 100)->text == "the log\n");
  BOOST_TEST(copy()->value.has_value());
  BOOST_TEST(reads.size() == 1U);
  BOOST_TEST(*ask<std::string>(logs, read_atom::value, id)->value == "the log\n");
}

BOOST_FIXTURE_TEST_CASE(a_node_that_stays_silent_or_has_no_log_is_told, other_node) {
  auto silent = copy();
  advance(8s);
  BOOST_TEST(silent->error.has_value());
  BOOST_TEST(!store->has(id));
  answer = "the log\n";
  BOOST_TEST(copy()->value.has_value());  // asked anew
  auto none = ask<std::string>(logs, read_atom::value, std::string(24, 'z'));
  BOOST_TEST((none->code() == errc::unresolvable_ref));
}

BOOST_FIXTURE_TEST_CASE(what_is_no_id_is_never_a_file, other_node) {
  answer = "x";
  for (std::string bad : {"", "../../../etc/cron.d/x", "ABCDEFGHIJKLMNOPQRSTUVWX"})
    BOOST_TEST((copy(bad)->code() == errc::bad_request), bad);
  BOOST_TEST(fs::is_empty(root / "logs"));
}

BOOST_FIXTURE_TEST_CASE(a_copy_keeps_to_the_bounds, other_node) {
  answer = std::string(5'000, 'x') + "end";
  copy();
  auto kept = store->read(id, 0, 10'000);
  BOOST_TEST(kept->total_bytes == 1'000U);
  BOOST_TEST(kept->text.ends_with("end"));
}

BOOST_FIXTURE_TEST_CASE(askers_of_logs_that_end_are_told, other_node) {
  auto asked = copy();
  end(logs);
  BOOST_TEST((asked->code() == errc::shutting_down));
}

BOOST_FIXTURE_TEST_CASE(a_failure_names_its_log_once_the_client_can_read_it, failing_build) {
  answers = false;
  auto failed = run();
  BOOST_TEST(asked_for == id);
  BOOST_TEST(asked_of_us);
  BOOST_TEST(!failed->done());
  end(building);  // its end is no news any more
  BOOST_TEST(!failed->done());
  tell(place.clients, delete_atom::value);
  BOOST_TEST(failed->words() == "it broke\nThe whole log: https://front.example/build-log/" + id);
}

BOOST_FIXTURE_TEST_CASE(a_failure_is_told_without_a_log_that_does_not_come_over, failing_build) {
  answers = false;
  auto failed = run();
  advance(10s);
  BOOST_TEST((failed->code() == errc::build_failed));
  BOOST_TEST(failed->words() == "it broke");
}

BOOST_FIXTURE_TEST_CASE(where_the_client_reaches_this_node_nothing_is_copied, failing_build) {
  place.clients = nullptr;
  BOOST_TEST(run()->words() == "it broke\nThe whole log: https://front.example/build-log/" + id);
  place.url.clear();
  BOOST_TEST(run()->words() == "it broke");
  BOOST_TEST(asked_for.empty());
}

BOOST_AUTO_TEST_SUITE_END()
