// 20,000 connections from two client processes against one server under the usual limit of 20,000
// open files: as many streams as it may have, the rest told so, none broken, and it goes on.
#include <algorithm>
#include <cstdio>

#include "tests/load/stream_server.hpp"
#include "tests/load/swarm.hpp"
#include "tests/unit/http/socket_client.hpp"

using namespace bindery;
using namespace bindery::test;

int main() {
  constexpr uint32_t each = 10'000;
  constexpr uint32_t streams = 10'000;
  swarm first{each, 1}, second{each, 1};
  http_options options;
  options.max_event_streams = streams;
  stream_server host{options, 1};
  auto cap = connection_cap(0);
  first.go(host.server().port());
  second.go(host.server().port());
  swarm_report total;
  for (auto* one : {&first, &second}) {
    auto report = one->await(240);
    total.streaming += report.streaming;
    total.failed += report.failed;
    total.refused += report.refused;
    total.broken += report.broken;
  }
  std::printf(
      "connection cap %zu: %u streaming, %u told that there are too many streams, "
      "%u refused with 503, %u broken\n",
      cap, total.streaming, total.failed, total.refused, total.broken);
  auto counts = host.server().counts();
  if (!counts) return std::puts("the server does not answer any more"), 1;
  socket_client another{host.server().port()};
  another.send(get("/versions"));
  bool serves = status_of(another.take_answer()) == 200;
  std::printf("another request is %s\n", serves ? "served" : "not served");
  bool full =
      total.streaming == std::min<size_t>(streams, cap) && counts->event_streams == total.streaming;
  return full && total.broken == 0 && serves ? 0 : 1;
}
