#include "cli/signals.hpp"

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <thread>
#include <unistd.h>

namespace bindery {

namespace {

sigset_t ends() {
  sigset_t set;
  sigemptyset(&set);
  for (int one : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, one);
  return set;
}

}  // namespace

end_signals::end_signals() {
  auto set = ends();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // A peer that went away is an error code, not the end.
  std::signal(SIGPIPE, SIG_IGN);
}

void end_signals::wait() const {
  auto set = ends();
  int got = 0;
  while (::sigwait(&set, &got) != 0) {
  }
}

bool end_signals::wait_for(std::chrono::milliseconds time) const {
  auto set = ends();
  timespec most{static_cast<time_t>(time.count() / 1000),
                static_cast<long>(time.count() % 1000) * 1'000'000};
  return ::sigtimedwait(&set, nullptr, &most) > 0;
}

void end_signals::raise() {
  ::kill(::getpid(), SIGTERM);
}

void end_signals::end_within(std::chrono::seconds deadline) const {
  std::thread{[deadline, this] {
    wait_for(deadline);
    constexpr char words[] = "bindery: ended without waiting any longer\n";
    [[maybe_unused]] auto written = ::write(2, words, sizeof words - 1);
    ::_exit(1);
  }}.detach();
}

}  // namespace bindery
