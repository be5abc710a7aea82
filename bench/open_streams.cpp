// What an open event stream costs in memory: 10,000 of them, each having been told a few events.
// Ends with 1 where 1,000 streams take more than 5 MB.
#include <cstdio>
#include <fstream>
#include <unistd.h>

#include "tests/load/stream_server.hpp"
#include "tests/load/swarm.hpp"

using namespace bindery;
using namespace bindery::test;

namespace {

double resident_megabytes() {
  size_t pages = 0, resident = 0;
  std::ifstream{"/proc/self/statm"} >> pages >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

}  // namespace

int main() {
  constexpr uint32_t count = 10'000;
  constexpr uint32_t events = 5;
  constexpr double allowed = 5.0;
  swarm clients{count, events};
  stream_server host{http_options{}, events};
  if (!host.server().counts()) return std::puts("the server does not answer"), 1;
  auto before = resident_megabytes();
  clients.go(host.server().port());
  auto report = clients.await(240);
  auto counts = host.server().counts();
  auto after = resident_megabytes();
  if (report.streaming != count || !counts || counts->event_streams != count) {
    std::printf("only %u of %u streams are open (%u broken, %u refused)\n", report.streaming, count,
                report.broken, report.refused);
    return 1;
  }
  auto per_thousand = (after - before) / (count / 1000.0);
  std::printf(
      "%u open event streams, %u events each: %.1f MB before, %.1f MB with them, "
      "%.2f MB per 1,000 (allowed: %.1f)\n",
      count, events, before, after, per_thousand, allowed);
  return per_thousand <= allowed ? 0 : 1;
}
