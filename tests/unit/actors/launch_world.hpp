#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <caf/typed_event_based_actor.hpp>

#include "actors/build.hpp"
#include "actors/build_directory.hpp"
#include "actors/launch_desk.hpp"
#include "actors/launch_supervisor.hpp"
#include "tests/unit/actors/recorders.hpp"
#include "tests/unit/actors/virtual_time.hpp"

namespace bindery::test {

/// A provider whose resolutions follow a script of steps.
struct scripted_provider : repo_provider {
  using script = std::vector<caf::expected<resolve_step>>;

  struct scripted_resolution : resolution {
    explicit scripted_resolution(script all) : steps(all.begin(), all.end()) {}
    caf::expected<resolve_step> next() {
      auto step = steps.front();
      steps.pop_front();
      return step;
    }
    caf::expected<resolve_step> start() override { return next(); }
    caf::expected<resolve_step> on_response(const http_response&) override { return next(); }
    caf::expected<resolve_step> on_commit(const std::string&) override { return next(); }
    caf::expected<resolve_step> go_on() override { return next(); }
    std::deque<caf::expected<resolve_step>> steps;
  };

  std::string_view prefix() const override { return "git"; }
  std::string_view display_name() const override { return "Git"; }
  nlohmann::json display_config() const override { return {}; }
  caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const override {
    if (spec == "bad") return make_error(errc::bad_spec, "Spec is not in the right form");
    return std::unique_ptr<resolution>{new scripted_resolution{steps}};
  }
  script steps;
};

/// Everything that a launch works with, played by the test, on a clock of the test's own.
struct launch_world : virtual_time {
  launch_world();
  ~launch_world() { end_all(); }

  /// Starts a launch at the desk; its events are recorded.
  std::shared_ptr<recording> launch(const std::string& id = "launch1", std::string spec = "x/HEAD");
  /// The client of that launch goes away.
  void leave(const std::string& id);
  void build_says(stream_event event);
  /// `launch 2000`, one of each stage so far.
  std::string stage_list() const;
  void hub_says(hub_progress step);
  /// Answers the deletion that the hub was asked for while `delete_answers` was false.
  void hub_has_deleted();

  std::shared_ptr<launch_services> services = std::make_shared<launch_services>();
  scripted_provider provider;
  resolved_repository repository;

  // The outside world as it stands.
  caf::expected<bool> image_exists = true;
  caf::error create_error, start_error, list_error;
  hub_server_list listed;               ///< what the hub runs
  std::deque<caf::error> start_errors;  ///< one per attempt, before `start_error`
  std::vector<std::string> servers;     ///< that the user has already
  std::deque<caf::error> list_errors;   ///< one per asking for them, before `servers`
  bool git_answers = true;
  bool delete_answers = true;
  bool hub_ends = true;  ///< progress ends at once with `hub_end`
  caf::expected<hub_progress> hub_end = hub_progress{100, "", true, false, "/user/u/"};

  // What was asked of it.
  std::vector<std::string> created, deleted, stopped;
  std::vector<stage_time> stages;  ///< that went well, in order
  std::vector<nlohmann::json> started;
  int git_queries = 0, builds_started = 0, supervisors = 0, lists = 0;

  build_sink_actor build_sink;
  hub_sink_actor hub_sink;
  caf::response_promise hub_promise, delete_promise;
  std::map<std::string, launch_sink_actor> clients;
  launch_desk_actor desk;
  caf::actor_addr last_supervisor;
  std::vector<std::string> ends;  ///< what `on_end` was told
};

}  // namespace bindery::test
