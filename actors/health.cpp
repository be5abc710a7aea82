#include "actors/health.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"

namespace bindery {

health_actor_with_timer::behavior_type health_state::make_behavior() {
  return {
      [this](check_atom) { return report(); },
      [this](start_atom, uint64_t index) { attempt(index); },
  };
}

caf::result<health_report> health_state::report() {
  for (uint64_t i = 0; i < entries.size(); ++i) {
    auto& one = entries[i];
    if (one.under_way || is_fresh(one)) continue;
    one.under_way = true;
    one.attempts = 0;
    attempt(i);
  }
  if (all_settled()) return current();
  auto promise = self->make_response_promise();
  waiting.push_back(answers.add(promise));
  return promise;
}

void health_state::attempt(uint64_t index) {
  auto& one = entries[index];
  ++one.attempts;
  self->request(one.check.target, options.timeout, check_atom::value)
      .then([this, index] { on_result(index, {}); },
            [this, index](const caf::error& why) { on_result(index, why); });
}

void health_state::on_result(uint64_t index, const caf::error& why) {
  auto& one = entries[index];
  if (why && one.attempts < options.retries.attempts) {
    self->delayed_send(health_actor_with_timer{self}, options.retries.pause_after(one.attempts),
                       start_atom::value, index);
    return;
  }
  settle(one, why);
  if (!all_settled()) return;
  for (auto id : std::exchange(waiting, {})) answers.take(id).deliver(current());
}

bool health_state::is_fresh(const entry& one) const {
  return one.known && self->clock().now() - one.checked_at < options.cache;
}

bool health_state::all_settled() const {
  return std::none_of(entries.begin(), entries.end(),
                      [](const entry& one) { return one.under_way; });
}

void health_state::settle(entry& one, const caf::error& why) {
  auto ok = !why;
  if (options.on_change && ok != (one.known ? one.ok : true))
    options.on_change(one.check.service, ok, ok ? std::string{} : describe(why));
  one.ok = ok;
  one.known = true;
  one.under_way = false;
  one.checked_at = self->clock().now();
}

health_report health_state::current() const {
  health_report report;
  report.ok = true;
  auto checks = nlohmann::ordered_json::array();
  for (const auto& one : entries) {
    report.ok = report.ok && one.ok;
    checks.push_back({{"service", one.check.service}, {"ok", one.ok}});
  }
  report.json = nlohmann::ordered_json{{"ok", report.ok}, {"checks", checks}}.dump();
  return report;
}

health_actor_with_timer::behavior_type health(
    health_actor_with_timer::stateful_pointer<health_state> self, std::vector<health_check> checks,
    health_options options) {
  auto& state = self->state;
  state.options = std::move(options);
  for (auto& check : checks) {
    state.entries.emplace_back();
    state.entries.back().check = std::move(check);
  }
  return state.make_behavior();
}

}  // namespace bindery
