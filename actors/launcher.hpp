#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/interfaces.hpp"

namespace bindery {

struct launcher_options {
  /// The hub as browsers reach it, with trailing slash.
  std::string hub_url;
  /// A logged-in user's launches have servers with names of their own, beside each other; else each
  /// is the user's default server, of which there is one.
  bool named_servers = false;
  /// Servers with names that a user may have at once; 0 for no limit.
  uint32_t named_server_limit = 0;
  /// Attempts in all.
  uint32_t retries = 4;
  /// Before the second attempt; doubles each time.
  std::chrono::milliseconds retry_delay{4'000};
  /// Longest wait for the hub to delete what a failed attempt created, before the failure is told.
  std::chrono::milliseconds cleanup_timeout{10'000};
  /// Told how long an attempt took that failed and is tried again; for metrics. May be empty.
  std::function<void(std::chrono::milliseconds took)> on_retry;
};

/// What the server of a launch is made of.
struct server_plan {
  std::string image_name;
  resolved_repository repository;
  launch_request request;
};

/// Name of the temporary user for an attempt (counted from 1). The same for the same launch and
/// attempt, so that a launch that is taken up again finds its own user.
using user_namer = std::function<std::string(const server_plan&, uint32_t attempt)>;

/// Makes a fresh access token for a server: 16 random bytes, URL-safe base64 without padding.
using token_source = std::function<std::string()>;

struct launcher_state {
  static inline const char* name = "launcher";

  explicit launcher_state(launcher_actor::pointer selfptr) : self(selfptr) {}

  launcher_actor::behavior_type make_behavior();

  caf::result<launched_server> run();
  void begin_attempt();
  void look_for_room();
  void start_server();
  void follow();
  void on_progress(const hub_progress& step);
  void tell(const hub_progress& step);
  void on_end(const hub_progress& end);
  void attempt_failed(const caf::error& why);
  /// Ends where another attempt cannot fare better and there is nothing to undo.
  void refuse(const caf::error& why);
  void leave();
  void on_create_failed(const caf::error& why);
  /// True where nobody wants the server any more; then what the attempt made is being undone.
  bool left();
  /// Deletes the temporary user, or stops a logged-in user's server.
  void undo();
  bool for_logged_in() const { return !plan.request.user.empty(); }
  /// Answers with `why` once what is being undone has ended.
  void end_when_clean(caf::error why);
  std::string user_options() const;

  launcher_actor::pointer self;
  launcher_options options;
  server_plan plan;
  user_namer namer;
  token_source tokens;
  jupyterhub_actor hub;
  launch_supervisor_actor supervisor;

  std::string user;
  std::string server;  ///< "" for the user's default one
  std::string token;
  uint32_t attempt = 0;
  std::chrono::steady_clock::time_point attempt_began;
  bool room_found = false;  ///< the user may have another server
  bool begun = false;       ///< the hub was asked for something that has to be undone
  bool following = false;   ///< the hub was asked for the server and starts it
  bool pausing = false;     ///< nothing is asked until the next attempt
  bool abandoned = false;
  bool held = false;     ///< the next attempt is due, and waits until the last one is undone
  bool foreign = false;  ///< somebody else created `user`, which is not ours to delete
  bool leaving = false;  ///< only the hub's undoing is awaited, then `outcome` is told
  caf::error outcome;
  uint32_t undoing = 0;  ///< under way at the hub
  caf::response_promise answer;
};

/// Gets a server for `plan`: a fresh user for each attempt, or the logged-in one, a server, then
/// the hub's progress until it is ready. What a failed or abandoned attempt created is deleted, and
/// a logged-in user's server is stopped; a launcher that failed or was abandoned answers when the
/// hub has done so, and whoever waits for it must keep the hub's actor until then.
launcher_actor::behavior_type launcher(launcher_actor::stateful_pointer<launcher_state> self,
                                       launcher_options options, server_plan plan, user_namer namer,
                                       token_source tokens, jupyterhub_actor hub,
                                       launch_supervisor_actor supervisor);

}  // namespace bindery
