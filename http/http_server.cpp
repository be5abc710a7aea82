#include "http/http_server.hpp"

#include <chrono>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "http/exchange.hpp"
#include "http/http_broker.hpp"
#include "http/listen_socket.hpp"
#include "http/prepared_site.hpp"
#include "http/router.hpp"
#include "runtime/error.hpp"

namespace bindery {

namespace {

constexpr std::chrono::seconds patience{5};

/// Runs routes: parsing and rendering, nothing that waits. A thread of its own, so that the thread
/// that owns the sockets never does either.
caf::behavior http_worker(caf::event_based_actor*, const std::shared_ptr<router>& routes) {
  return {[routes](const http_call& call) {
    if (const auto& body = call.piece_of) return http_result{call.connection, next_piece(*body)};
    return http_result{call.connection, routes->handle(call)};
  }};
}

}  // namespace

http_server::http_server(caf::actor_system& system, caf::actor actor, std::string host,
                         uint16_t port)
    : system_(&system), actor_(std::move(actor)), host_(std::move(host)), port_(port) {}

http_server& http_server::operator=(http_server&& other) noexcept {
  if (this == &other) return *this;
  stop();
  system_ = other.system_;
  actor_ = std::exchange(other.actor_, nullptr);
  host_ = std::move(other.host_);
  port_ = other.port_;
  return *this;
}

http_server::~http_server() {
  stop();
}

caf::expected<http_counts> http_server::counts() const {
  if (!actor_) return make_error(errc::shutting_down, "the HTTP server was stopped");
  caf::scoped_actor asker{*system_};
  caf::expected<http_counts> result{
      make_error(errc::timeout, "the HTTP actor did not tell its counts in time")};
  asker->request(actor_, patience, http_counts_atom::value)
      .receive([&](http_counts counts) { result = counts; }, [](const caf::error&) {});
  return result;
}

void http_server::stop() {
  if (!actor_) return;
  auto actor = std::exchange(actor_, nullptr);
  caf::scoped_actor waiter{*system_};
  waiter->monitor(actor);
  waiter->send(actor, stop_atom::value);
  actor = nullptr;
  waiter->receive([](const caf::down_msg&) {}, caf::after(patience) >> [] {});
}

caf::expected<http_server> start_http(caf::actor_system& system, http_options options, site place) {
  auto shared = prepare_site(std::move(place));
  if (!shared) return shared.error();
  auto socket = listen_socket::open(options.host, options.port);
  if (!socket) return socket.error();
  auto port = socket->port();
  auto host = options.host;
  std::vector<caf::actor> workers;
  for (size_t i = 0; i < std::max<size_t>(options.workers, 1); ++i)
    workers.push_back(
        system.spawn<caf::detached>(http_worker, std::make_shared<router>(*shared, options)));
  auto desk = (*shared)->place.desk;
  auto health = (*shared)->place.health;
  auto login = (*shared)->place.login;
  auto rate_limit = (*shared)->place.rate_limit;
  auto actor = system.middleman().spawn_broker(http_broker, std::move(options), desk, health, login,
                                               rate_limit, workers);
  caf::anon_send(actor, start_atom::value, socket->release());
  return http_server{system, std::move(actor), std::move(host), port};
}

}  // namespace bindery
