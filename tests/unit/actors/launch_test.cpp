// One launch, from spec to server, with every actor real and the outside world scripted.
#include "runtime/build/log_text.hpp"
#include "tests/unit/actors/launch_world.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(launch)

BOOST_FIXTURE_TEST_CASE(cached_image_goes_straight_to_the_hub, launch_world) {
  auto seen = launch();
  BOOST_TEST(joined(seen->phases()) == "built launching ready");
  BOOST_TEST(seen->message(0) == "Found built image, launching...\n");
  BOOST_TEST(seen->message(1) == "Launching server...\n");
  auto ready = seen->last();
  BOOST_TEST(ready["url"].get<std::string>() == "https://hub.example.org/user/user-1/");
  BOOST_TEST(ready["token"].get<std::string>() == "token");
  BOOST_TEST(ready["image"].get<std::string>() == "registry/x:1");
  BOOST_TEST(ready["repo_url"].get<std::string>() == "https://example.org/x");
  BOOST_TEST(ready["binder_ref_url"].get<std::string>() == "https://example.org/x");
  BOOST_TEST(ready["binder_launch_host"].get<std::string>() == "https://badges.example.org/");
  BOOST_TEST(ready["binder_request"].get<std::string>() == "v2/git/x/HEAD");
  BOOST_TEST(ready["binder_persistent_request"].get<std::string>() ==
             "v2/git/x/" + std::string(40, 'a'));
  BOOST_TEST(ready["binder_client_ip"].get<std::string>() == "192.0.2.1");
  BOOST_TEST(ready["message"].get<std::string>() ==
             "server running at https://hub.example.org/user/user-1/\n");
  for (size_t i = 0; i < seen->events.size(); ++i) BOOST_TEST(seen->events[i].number == i + 1);
  BOOST_TEST(started.at(0)["image"].get<std::string>() == "registry/x:1");
  BOOST_TEST(joined(ends) == "success");
  BOOST_TEST(deleted.empty());
}

BOOST_FIXTURE_TEST_CASE(new_image_is_built_and_its_log_passed_on, launch_world) {
  image_exists = false;
  auto seen = launch();
  build_says(make_event(phase::fetching, "Cloning"));
  build_says(make_event(phase::building, "Step 1"));
  build_says(make_event(phase::built, "Built"));
  BOOST_TEST(joined(seen->phases()) == "waiting fetching building built launching ready");
  BOOST_TEST(seen->message(0) == "Waiting for build to start...\n");
  BOOST_TEST(seen->message(3) == "Built image, launching...\n");
}

BOOST_FIXTURE_TEST_CASE(each_stage_is_timed_by_who_does_it, launch_world) {
  image_exists = false;
  hub_ends = false;
  provider.steps.insert(provider.steps.begin(), resolve_step{notice{"wait", 3s}});
  launch("a");
  advance(3s);
  advance(2s);
  build_says(make_event(phase::building, "Step 1"));
  advance(60s);
  launch("b");  // joins the build
  advance(3s);
  build_says(make_event(phase::pushing, "Layer 1"));
  advance(7s);
  BOOST_TEST(stage_list() == "resolve 3000 resolve 3000");
  stages.clear();
  leave("b");
  build_says(make_event(phase::built, "Built"));
  BOOST_TEST(stage_list() == "fetch 2000 build 63000 push 7000");
  advance(4s);
  hub_says({100, "Server ready", true, false, "/user/u/"});
  BOOST_TEST(stage_list() == "fetch 2000 build 63000 push 7000 launch 4000");
  for (const auto& one : stages) BOOST_TEST(one.repository == "git/x/HEAD");
}

BOOST_FIXTURE_TEST_CASE(what_failed_or_was_left_is_not_timed, launch_world) {
  image_exists = false;
  launch("a");
  advance(1s);
  build_says(make_event(phase::building, "Step 1"));
  build_says(make_failure("it broke", 0));
  BOOST_TEST(stage_list() == "resolve 0");
  image_exists = true;
  hub_end = hub_progress{100, "no", false, true, ""};
  services->launching.retries = 1;
  launch("b");
  advance(60s);
  BOOST_TEST(stage_list() == "resolve 0 resolve 0");
  hub_ends = false;
  launch("c");
  leave("c");
  advance(60s);
  hub_says({100, "Server ready", true, false, "/user/u/"});
  BOOST_TEST(stage_list() == "resolve 0 resolve 0 resolve 0");
}

BOOST_FIXTURE_TEST_CASE(failing_build_ends_with_its_own_words, launch_world) {
  image_exists = false;
  auto seen = launch();
  build_says(make_event(phase::failed, "repo2docker ended with exit status 1"));
  BOOST_TEST(joined(seen->phases()) == "waiting failed");
  BOOST_TEST(seen->message(1) == "repo2docker ended with exit status 1\n");
  BOOST_TEST(created.empty());
}

BOOST_FIXTURE_TEST_CASE(a_failed_build_names_its_log_by_the_address_of_the_client, launch_world) {
  image_exists = false;
  auto seen = launch();
  build_says(with_build_log(make_event(phase::failed, "it broke"), "id1"));
  BOOST_TEST(seen->message(1) ==
             "it broke\nThe whole log: https://bindery.example.org/build-log/id1\n");
  BOOST_TEST(seen->last().size() == 2U);  // phase and message, as upstream
}

BOOST_FIXTURE_TEST_CASE(fifty_launches_of_one_image_share_one_build, launch_world) {
  image_exists = false;
  std::vector<std::shared_ptr<recording>> all;
  for (int i = 0; i < 50; ++i) all.push_back(launch("launch" + std::to_string(i)));
  BOOST_TEST(builds_started == 1);
  build_says(make_event(phase::built, "Built"));
  for (const auto& seen : all)
    BOOST_TEST(joined(seen->phases()) == "waiting built launching ready");
}

BOOST_FIXTURE_TEST_CASE(a_flood_of_log_ends_the_showing_but_not_the_launch, launch_world) {
  image_exists = false;
  auto seen = launch();
  for (int i = 0; i < 100; ++i) build_says(make_event(phase::building, std::string(100'000, 'x')));
  build_says(make_event(phase::built, "Built"));
  size_t bytes = 0;
  for (const auto& event : seen->events) bytes += event.json.size();
  BOOST_TEST(bytes < 5'000'000U);
  BOOST_TEST(seen->message(seen->events.size() - 4).find("log is too long") != std::string::npos);
  BOOST_TEST(seen->phases().back() == "ready");
}

BOOST_FIXTURE_TEST_CASE(a_build_that_ended_just_before_is_asked_for_anew, launch_world) {
  image_exists = false;
  std::vector<build_actor> given;
  auto real = services->builds;
  services->builds = spawn(
      [&given, real](build_directory_actor::pointer self) -> build_directory_actor::behavior_type {
        return {[&given, real, self](build_atom,
                                     const build_request& wanted) -> caf::result<build_actor> {
                  if (given.empty()) return self->delegate(real, build_atom::value, wanted);
                  auto ended = given.back();
                  given.pop_back();
                  return ended;
                },
                [](end_atom, const std::string&, bool) {}};
      });
  auto ended = spawn([]() -> build_actor::behavior_type {
    return {[](subscribe_atom, const build_sink_actor&, uint64_t) {},
            [](leave_atom, const build_sink_actor&) {},
            [](wait_atom, uint64_t) {},
            [](start_atom) {},
            [](event_atom, const std::string&, const stream_event&) {},
            [](stop_atom) {}};
  });
  end(ended);
  given = {ended};
  auto seen = launch();
  BOOST_TEST(joined(seen->phases()) == "waiting");
  build_says(make_event(phase::built, "Built"));
  BOOST_TEST(joined(seen->phases()) == "waiting built launching ready");
}

BOOST_FIXTURE_TEST_CASE(unknown_provider_and_bad_spec_fail_clearly, launch_world) {
  auto bad = launch("bad", "bad");
  BOOST_TEST(bad->last()["status_code"].get<int>() == 400);
  services->find_provider = [](std::string_view) { return nullptr; };
  auto unknown = launch("unknown");
  BOOST_TEST(unknown->last()["status_code"].get<int>() == 404);
  BOOST_TEST(unknown->message(0).find("No provider found for prefix \"git\"") == 0U);
}

BOOST_FIXTURE_TEST_CASE(refused_spec_fails_before_anything_is_asked, launch_world) {
  services->admit = [](const repo_provider&, std::string_view) {
    return make_error(errc::banned_spec, "Sorry, x has been banned");
  };
  auto seen = launch();
  BOOST_TEST(seen->last()["status_code"].get<int>() == 403);
  BOOST_TEST(git_queries == 0);
}

BOOST_FIXTURE_TEST_CASE(notices_are_told_and_waited_for, launch_world) {
  provider.steps = {resolve_step{notice{"master was renamed", 10s}}, resolve_step{repository}};
  auto seen = launch();
  BOOST_TEST(joined(seen->phases()) == "waiting");
  advance(9s);
  BOOST_TEST(joined(seen->phases()) == "waiting");
  advance(1s);
  BOOST_TEST(joined(seen->phases()) == "waiting built launching ready");
}

BOOST_FIXTURE_TEST_CASE(resolving_has_a_deadline, launch_world) {
  git_answers = false;
  auto seen = launch();
  advance(119s);
  BOOST_TEST(seen->events.empty());
  advance(2s);
  BOOST_TEST(joined(seen->phases()) == "failed");
  BOOST_TEST(seen->last()["status_code"].get<int>() == 504);
}

BOOST_FIXTURE_TEST_CASE(a_resolution_that_runs_in_circles_is_given_up, launch_world) {
  provider.steps.assign(20, resolve_step{git_query{"https://example.org/x", "HEAD"}});
  auto seen = launch();
  BOOST_TEST(joined(seen->phases()) == "failed");
  BOOST_TEST(git_queries == 12);
}

BOOST_FIXTURE_TEST_CASE(registry_down_fails_with_the_cause, launch_world) {
  image_exists = make_error(errc::unreachable, "connection refused");
  auto seen = launch();
  BOOST_TEST(seen->last()["status_code"].get<int>() == 502);
  BOOST_TEST(seen->message(0) ==
             "Could not ask the image registry for registry/x:1: "
             "connection refused\n");
}

BOOST_FIXTURE_TEST_CASE(clients_are_not_told_what_is_for_operators, launch_world) {
  std::vector<std::string> logged;
  services->on_end = [&](const launch_outcome& end) { logged.push_back(describe(end.failure)); };
  image_exists = make_error(errc::unreachable, "GET http://reg.svc:5000/: refused", "it is away");
  auto seen = launch("a");
  BOOST_TEST(seen->message(0) == "Could not ask the image registry for registry/x:1: it is away\n");
  BOOST_TEST(logged.at(0).find("http://reg.svc:5000/") != std::string::npos);
  image_exists = true;
  services->launching.retries = 1;
  start_error =
      make_error(errc::upstream_error, "POST http://hub.svc/: 403 (check it)", "it is 403");
  seen = launch("b");
  BOOST_TEST(seen->last()["message"].get<std::string>() ==
             "Getting a server from JupyterHub failed: it is 403 (attempt 1 of 1). Try again in a "
             "few minutes.\n");
  BOOST_TEST(logged.at(1).find("http://hub.svc/: 403 (check it)") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_desk_that_ends_ends_its_launches, launch_world) {
  image_exists = false;
  launch();
  end(desk, caf::exit_reason::user_shutdown);
  BOOST_TEST(joined(ends) == "cancelled");
}

BOOST_FIXTURE_TEST_CASE(build_only_needs_api_only_mode_and_starts_no_server, launch_world) {
  launch_request request;
  request.launch_id = "b";
  request.provider = "git";
  request.spec = "x/HEAD";
  request.build_only = true;
  auto record = std::make_shared<recording>();
  auto sink = spawn(recording_sink, record);
  tell(desk, launch_atom::value, request, sink);
  BOOST_TEST(record->last()["status_code"].get<int>() == 400);

  services->allow_build_only = true;
  request.launch_id = "c";
  tell(desk, launch_atom::value, request, sink);
  BOOST_TEST(record->last()["message"].get<std::string>() == "Done! Found built image\n");
  BOOST_TEST(record->last()["imageName"].get<std::string>() == "registry/x:1");

  image_exists = false;
  request.launch_id = "d";
  tell(desk, launch_atom::value, request, sink);
  build_says(make_event(phase::built, "Built"));
  BOOST_TEST(record->last()["message"].get<std::string>() == "Done! Image built\n");
  BOOST_TEST(created.empty());
}

BOOST_FIXTURE_TEST_CASE(a_child_that_dies_fails_its_launch, launch_world) {
  image_exists = false;
  auto seen = launch();
  auto& state = state_of<launch_supervisor_state, launch_supervisor_actor::base>(
      caf::actor_cast<launch_supervisor_actor>(last_supervisor));
  end(state.building, caf::exit_reason::unhandled_exception);
  BOOST_TEST(joined(seen->phases()) == "waiting failed");
  BOOST_TEST(seen->message(1) == "A step of this launch broke off. Launch again.\n");
}

BOOST_FIXTURE_TEST_CASE(a_supervisor_that_dies_fails_its_launch, launch_world) {
  image_exists = false;
  auto seen = launch();
  end(caf::actor_cast<caf::actor>(last_supervisor), caf::exit_reason::kill);
  BOOST_TEST(joined(seen->phases()) == "waiting failed");
  BOOST_TEST(seen->events.back().number == 2U);
  BOOST_TEST(seen->message(1).find("went away") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
