#include "actors/node.hpp"

#include <boost/test/unit_test.hpp>

#include "actors/node_settings.hpp"
#include "runtime/error.hpp"

using namespace bindery;

BOOST_AUTO_TEST_SUITE(nodes)

BOOST_AUTO_TEST_CASE(what_a_node_counted_can_be_read_when_it_is_gone) {
  node_config config;
  caf::actor_system system{config};
  node_options options;
  options.all.binder_hub.build_class = "FakeBuild";
  options.all.binder_hub.registry_class = "FakeRegistry";
  options.upstreams = start_upstreams(system);
  auto upstreams = options.upstreams;
  {
    auto made = node::start(system, config, std::move(options));
    BOOST_REQUIRE_MESSAGE(made, describe(made.error()));
    auto counters = (*made)->counters();
    auto providers = (*made)->providers();
    made->reset();
    // A route that was at work when the node was stopped goes on; a sanitizer tells a stale read.
    counters->build_began();
    BOOST_TEST(counters->text().find("binderhub_inprogress_builds 1") != std::string::npos);
    BOOST_TEST(!providers->github_rate_limit_remaining());
    BOOST_TEST(providers->find("gh") != nullptr);
  }
  stop_upstreams(system, upstreams);
}

BOOST_AUTO_TEST_CASE(an_ended_launch_can_be_joined_while_its_streams_are_open) {
  settings all;
  for (auto linger : {0, 60, 3600}) {
    all.bindery.stream_linger = std::chrono::seconds{linger};
    BOOST_TEST((rejoin_window_of(all) >= all.bindery.stream_linger));
    BOOST_TEST((rejoin_window_of(all) >= std::chrono::seconds{50}));
    BOOST_TEST((desk_options_of(all).keep_ended > rejoin_window_of(all)));
  }
}

BOOST_AUTO_TEST_CASE(the_hub_is_asked_again_as_the_launcher_is_set) {
  settings all;
  all.launcher.retries = 7;
  all.launcher.retry_delay = std::chrono::seconds{2};
  auto wiring = read_wiring(all);
  BOOST_REQUIRE_MESSAGE(wiring, describe(wiring.error()));
  BOOST_TEST(wiring->hub.retries.attempts == 7U);
  BOOST_TEST(wiring->hub.retries.pause_after(2).count() == 4'000);
}

BOOST_AUTO_TEST_SUITE_END()
