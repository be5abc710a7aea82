#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "actors/node.hpp"
#include "actors/process_runner.hpp"

namespace bindery::test {

/// An actor system with real child processes, and a folder for their scripts.
class process_world {
 public:
  process_world() {
    system_ = std::make_unique<caf::actor_system>(config_);
    engine_ = std::make_shared<process_engine>();
    runner_ = system_->spawn(process_runner, engine_);
    std::string pattern = (std::filesystem::temp_directory_path() / "bindery-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }

  ~process_world() {
    caf::anon_send_exit(runner_, caf::exit_reason::user_shutdown);
    runner_ = nullptr;
    system_.reset();
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }

  caf::actor_system& system() { return *system_; }
  const process_runner_actor& runner() const { return runner_; }
  const std::filesystem::path& folder() const { return folder_; }

  /// A program that runs these lines of shell; its path.
  std::string script(const std::string& name, const std::string& lines) const {
    auto path = folder_ / name;
    std::ofstream{path} << "#!/bin/sh\n" << lines << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path.string();
  }

  /// What a script wrote into a file of the folder.
  std::string read(const std::string& name) const {
    std::ifstream in{folder_ / name};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

 private:
  node_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::shared_ptr<process_engine> engine_;
  process_runner_actor runner_;
  std::filesystem::path folder_;
};

/// The reply to a request, or its error, within 30 s.
template <class T, class Handle, class... Ts>
caf::expected<T> ask(caf::actor_system& system, const Handle& whom, Ts&&... what) {
  caf::scoped_actor self{system};
  caf::expected<T> result{caf::make_error(caf::sec::request_timeout)};
  self->request(whom, std::chrono::seconds{30}, std::forward<Ts>(what)...)
      .receive([&](T& reply) { result = std::move(reply); },
               [&](caf::error& why) { result = std::move(why); });
  return result;
}

}  // namespace bindery::test
