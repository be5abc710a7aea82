#include "actors/rate_limit.hpp"

#include <algorithm>
#include <utility>

#include "runtime/net/client_network.hpp"

namespace bindery {

rate_limit_actor::behavior_type rate_limit_state::make_behavior() {
  return {
      [this](count_atom, const std::string& address) { return count(address); },
      [this](end_atom) { clean(); },
  };
}

rate_count rate_limit_state::count(const std::string& address) {
  auto now = self->clock().now();
  auto& one = window_of(client_network(address), now);
  auto left = std::chrono::ceil<std::chrono::seconds>(one.ends - now).count();
  rate_count result;
  result.admitted = one.used < options.limit;
  if (result.admitted) ++one.used;
  result.limit = options.limit;
  result.remaining = options.limit - one.used;
  result.reset = one.reset;
  result.seconds_left = std::max<int64_t>(left, 1);
  return result;
}

void rate_limit_state::clean() {
  cleaning = false;
  auto now = self->clock().now();
  while (!windows.empty() && windows.front().ends <= now) forget_front();
  if (!windows.empty()) clean_later();
}

rate_limit_state::window& rate_limit_state::window_of(const std::string& network, time_point now) {
  if (auto found = by_network.find(network); found != by_network.end()) {
    if (found->second->ends > now) return *found->second;
    auto over = found->second;
    by_network.erase(found);
    windows.erase(over);
  }
  while (windows.size() >= options.max_windows) forget_front();
  auto reset =
      std::chrono::ceil<std::chrono::seconds>((options.now() + options.period).time_since_epoch());
  windows.push_back({network, now + options.period, reset.count(), 0});
  by_network.emplace(windows.back().network, std::prev(windows.end()));
  if (!cleaning) clean_later();
  return windows.back();
}

void rate_limit_state::forget_front() {
  by_network.erase(windows.front().network);
  windows.pop_front();
}

void rate_limit_state::clean_later() {
  cleaning = true;
  self->delayed_send(rate_limit_actor{self}, options.clean, end_atom::value);
}

rate_limit_actor::behavior_type rate_limit(
    rate_limit_actor::stateful_pointer<rate_limit_state> self, rate_limit_options options) {
  auto& state = self->state;
  state.options = std::move(options);
  return state.make_behavior();
}

}  // namespace bindery
