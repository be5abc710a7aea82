#include "http_world.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "runtime/error.hpp"

namespace bindery::test {

namespace {

constexpr std::chrono::seconds patience{20};

launch_desk_actor::behavior_type noting_desk(const std::shared_ptr<desk_record>& asked) {
  return {
      [asked](launch_atom, const launch_request& launch, const launch_sink_actor& sink) {
        asked->add({launch, sink, false});
      },
      [asked](leave_atom, const std::string& launch_id, const launch_sink_actor& sink) {
        launch_request launch;
        launch.launch_id = launch_id;
        asked->add({launch, sink, true});
      },
      [](event_atom, const std::string&, const stream_event&) {},
      [](delete_atom, const std::string&) {},
  };
}

health_actor::behavior_type scripted_health(health_actor::pointer self,
                                            std::shared_ptr<std::atomic<bool>> healthy,
                                            std::shared_ptr<std::atomic<bool>> hangs) {
  // Promises of askers that are never answered must outlive the handler, or they are broken.
  auto kept = std::make_shared<std::vector<caf::typed_response_promise<health_report>>>();
  return {[=](check_atom) -> caf::result<health_report> {
    auto promise = self->make_response_promise<health_report>();
    if (*hangs)
      kept->push_back(promise);
    else
      promise.deliver(
          health_report{*healthy, R"({"ok":)" + std::string{*healthy ? "true" : "false"} + "}"});
    return promise;
  }};
}

}  // namespace

void desk_record::add(entry what) {
  std::lock_guard lock{mutex_};
  entries_.push_back(std::move(what));
  changed_.notify_all();
}

desk_record::entry desk_record::await(size_t index) {
  std::unique_lock lock{mutex_};
  BOOST_REQUIRE_MESSAGE(changed_.wait_for(lock, patience, [&] { return entries_.size() > index; }),
                        "the desk was not asked for the " << index << ". time");
  return entries_[index];
}

size_t desk_record::size() const {
  std::lock_guard lock{mutex_};
  return entries_.size();
}

void desk_record::clear() {
  std::lock_guard lock{mutex_};
  entries_.clear();
}

http_options http_world::quick() {
  http_options options;
  options.host = "127.0.0.1";
  options.port = 0;
  options.tick = std::chrono::milliseconds{20};
  return options;
}

http_world::http_world(http_options options, std::function<void(site&)> change) {
  system = std::make_unique<caf::actor_system>(config);
  desk = system->spawn(noting_desk, asked);
  site place;
  place.desk = desk;
  health = system->spawn(scripted_health, healthy, health_hangs);
  place.health = health;
  place.providers_json = R"([{"displayName":"GitHub","id":"gh"}])";
  place.versions_json = R"({"binderhub":"1"})";
  place.metrics_text = [] { return std::string{"a_metric 1\n"}; };
  auto next = std::make_shared<std::atomic<uint64_t>>(0);
  place.make_launch_id = [next] {
    auto digits = std::to_string(++*next);
    return std::string(16 - digits.size(), 'a') + digits;
  };
  if (change) change(place);
  auto started = start_http(*system, std::move(options), place);
  BOOST_REQUIRE_MESSAGE(started, (started ? "" : describe(started.error())));
  server = std::make_unique<http_server>(std::move(*started));
}

http_world::~http_world() {
  server.reset();
  asked->clear();
  caf::anon_send_exit(desk, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(health, caf::exit_reason::user_shutdown);
  desk = nullptr;
  health = nullptr;
}

void http_world::tell(const desk_record::entry& to, uint64_t number, phase what,
                      const std::string& message) {
  auto event = make_event(what, message);
  event.number = number;
  caf::anon_send(to.sink, event_atom::value, to.launch.launch_id, event);
}

http_counts http_world::counts() const {
  auto result = server->counts();
  BOOST_REQUIRE(result);
  return *result;
}

http_counts http_world::await_counts(const std::function<bool(const http_counts&)>& wished) const {
  auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    auto now = counts();
    if (wished(now)) return now;
    BOOST_REQUIRE_MESSAGE(std::chrono::steady_clock::now() < deadline,
                          "connections " << now.connections << ", streams " << now.event_streams
                                         << ", refused " << now.refused);
  }
}

}  // namespace bindery::test
