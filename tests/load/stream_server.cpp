#include "tests/load/stream_server.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "runtime/error.hpp"

namespace bindery::test {

namespace {

launch_desk_actor::behavior_type building_desk(launch_desk_actor::pointer self, uint32_t events) {
  return {
      [self, events](launch_atom, const launch_request& launch, const launch_sink_actor& sink) {
        for (uint32_t number = 1; number <= events; ++number) {
          auto event = make_event(
              phase::building, "Step 3/20 : RUN conda env update --file " + std::string(200, '.'));
          event.number = number;
          self->send(sink, event_atom::value, launch.launch_id, event);
        }
      },
      [](leave_atom, const std::string&, const launch_sink_actor&) {},
      [](event_atom, const std::string&, const stream_event&) {},
      [](delete_atom, const std::string&) {},
  };
}

health_actor::behavior_type healthy() {
  return {[](check_atom) { return health_report{true, "{}"}; }};
}

}  // namespace

stream_server::stream_server(http_options options, uint32_t events)
    : desk_(system_.spawn(building_desk, events)), health_(system_.spawn(healthy)) {
  options.host = "127.0.0.1";
  options.port = 0;
  site place;
  place.desk = desk_;
  place.health = health_;
  place.metrics_text = [] { return std::string{}; };
  auto next = std::make_shared<std::atomic<uint64_t>>(0);
  place.make_launch_id = [next] {
    auto digits = std::to_string(++*next);
    return std::string(16 - digits.size(), 'a') + digits;
  };
  auto started = start_http(system_, std::move(options), place);
  if (!started) {
    std::fprintf(stderr, "%s\n", describe(started.error()).c_str());
    std::exit(1);
  }
  server_ = std::make_unique<http_server>(std::move(*started));
}

stream_server::~stream_server() {
  server_.reset();
  caf::anon_send_exit(desk_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(health_, caf::exit_reason::user_shutdown);
}

}  // namespace bindery::test
