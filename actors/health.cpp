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
  if (!one.check.target) {
    self->request(options.quota, options.timeout, count_atom::value)
        .then([this, index](const server_usage& found) { on_usage(index, found); },
              [this, index](const caf::error& why) { on_result(index, why); });
    return;
  }
  self->request(one.check.target, options.timeout, check_atom::value)
      .then([this, index] { on_result(index, {}); },
            [this, index](const caf::error& why) { on_result(index, why); });
}

void health_state::on_usage(uint64_t index, const server_usage& found) {
  entries[index].usage = found;
  on_result(index, {});
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
  auto cache = one.check.target ? options.cache : options.quota_cache;
  return one.known && self->clock().now() - one.checked_at < cache;
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
  if (!ok) one.usage.reset();
  one.known = true;
  one.under_way = false;
  one.checked_at = self->clock().now();
}

/// `{"service": "Pod quota", …}` (contract, section 2); null for what could not be counted.
nlohmann::ordered_json health_state::quota_line(const entry& one) const {
  nlohmann::ordered_json total, builds, servers, quota;
  auto ok = one.ok;
  if (one.usage) {
    auto built = options.builds_in_progress ? options.builds_in_progress() : 0;
    builds = built;
    servers = one.usage->servers;
    total = built + one.usage->servers;
    if (one.usage->limited) {
      quota = one.usage->total_quota;
      ok = built + one.usage->servers <= one.usage->total_quota;
    }
  }
  return {{"service", one.check.service}, {"total_pods", total}, {"build_pods", builds},
          {"user_pods", servers},         {"quota", quota},      {"ok", ok},
          {"_ignore_failure", true}};
}

health_report health_state::current() const {
  health_report report;
  report.ok = true;
  auto checks = nlohmann::ordered_json::array();
  for (const auto& one : entries) {
    if (one.check.target) {
      report.ok = report.ok && one.ok;
      checks.push_back({{"service", one.check.service}, {"ok", one.ok}});
    } else {
      checks.push_back(quota_line(one));
    }
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
  if (state.options.quota) {
    state.entries.emplace_back();
    state.entries.back().check.service = "Pod quota";
  }
  return state.make_behavior();
}

}  // namespace bindery
