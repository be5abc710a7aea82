#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "actors/http_client.hpp"
#include "actors/node.hpp"
#include "actors/process_runner.hpp"
#include "runtime/error.hpp"
#include "runtime/text/random.hpp"

namespace bindery::test {

constexpr std::chrono::seconds patience{20};

/// Lines that come from any thread, to be waited for.
class heard_lines {
 public:
  void add(const std::string& line) {
    std::lock_guard guard{mutex_};
    lines_.push_back(line);
    changed_.notify_all();
  }
  /// The first line with `part`, waited for; "" where none comes in time.
  std::string wait_for(const std::string& part) {
    std::unique_lock guard{mutex_};
    std::string found;
    changed_.wait_for(guard, patience, [&] {
      for (const auto& line : lines_)
        if (line.find(part) != std::string::npos) found = line;
      return !found.empty();
    });
    return found;
  }
  size_t size() {
    std::lock_guard guard{mutex_};
    return lines_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

/// Real engines, their actors, and a folder that goes with the test.
struct local_world {
  local_world() {
    folder = std::filesystem::temp_directory_path() / ("bindery-test-" + random_id(8));
    std::filesystem::create_directory(folder);
    system = std::make_unique<caf::actor_system>(config);
    runner = system->spawn(process_runner, std::make_shared<process_engine>());
    http = system->spawn(http_client, std::make_shared<curl_engine>());
  }

  ~local_world() {
    caf::anon_send_exit(http, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(runner, caf::exit_reason::user_shutdown);
    http = nullptr;
    runner = nullptr;
    system.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  /// Asks and waits: no error where the answer came.
  template <class Handle, class... Args>
  caf::error ask(const Handle& to, Args&&... args) {
    caf::scoped_actor self{*system};
    caf::error result;
    self->request(to, patience, std::forward<Args>(args)...)
        .receive([] {}, [&](const caf::error& why) { result = why; });
    return result;
  }

  std::string path(const std::string& name) const { return (folder / name).string(); }

  static std::string content(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  std::filesystem::path folder;
  node_config config;
  std::unique_ptr<caf::actor_system> system;
  process_runner_actor runner;
  http_client_actor http;
};

inline process_spec shell(std::string script) {
  process_spec spec;
  spec.program = "sh";
  spec.arguments = {"-c", std::move(script)};
  return spec;
}

}  // namespace bindery::test
