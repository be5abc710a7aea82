#include "actors/launch_quota.hpp"

#include <algorithm>
#include <utility>

#include <caf/actor_cast.hpp>

#include "runtime/error.hpp"
#include "runtime/log.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

launch_quota_actor::behavior_type launch_quota_state::make_behavior() {
  self->set_down_handler([this](const caf::down_msg& down) { on_claimant_down(down); });
  return {
      [this](check_atom, quota_claim& claim) { return check(std::move(claim)); },
      [this](reserve_atom, quota_claim& claim) { return reserve(std::move(claim)); },
      [this](count_atom) { return count(); },
  };
}

caf::result<void> launch_quota_state::check(quota_claim claim) {
  return ask({std::move(claim), nullptr});
}

caf::result<void> launch_quota_state::reserve(quota_claim claim) {
  auto claimant = self->current_sender();
  if (!claimant) return make_error(errc::internal, "Only an actor can hold a place for a server");
  return ask({std::move(claim), std::move(claimant)});
}

caf::result<server_usage> launch_quota_state::count() {
  if (is_younger_than(options.list_serves)) return usage();
  auto promise = self->make_response_promise();
  waiting.emplace(answers.add(promise), question{{}, nullptr, true});
  refresh();
  return promise;
}

void launch_quota_state::on_claimant_down(const caf::down_msg& down) {
  auto found = places.find(down.source);
  if (found != places.end()) found->second.vacated = self->clock().now();
}

caf::result<void> launch_quota_state::ask(question what) {
  if (!is_limited(what.claim)) return caf::unit;
  auto serves = is_younger_than(options.list_serves) && !judge(what);
  if (serves || is_younger_than(options.list_refuses)) {
    if (auto why = decide(what)) return why;
    return caf::unit;
  }
  auto promise = self->make_response_promise();
  waiting.emplace(answers.add(promise), std::move(what));
  refresh();
  return promise;
}

bool launch_quota_state::is_limited(const quota_claim& claim) const {
  return options.total_quota || claim.repo_quota > 0;
}

bool launch_quota_state::is_younger_than(std::chrono::milliseconds age) const {
  return listed_at && self->clock().now() - *listed_at < age;
}

void launch_quota_state::refresh() {
  if (std::exchange(listing, true)) return;
  auto now = self->clock().now();
  self->request(hub, caf::infinite, list_atom::value)
      .then([this, now](hub_server_list& list) { on_list(std::move(list), now); },
            [this](const caf::error& why) { on_list_failed(why); });
}

void launch_quota_state::on_list(hub_server_list list, time_point asked_at) {
  listing = false;
  listed = std::move(list);
  listed_at = asked_at;
  for (auto& server : listed.servers) server.image = image_without_tag(server.image);
  // A launch that had ended when the list was asked for is in it, or has left nothing.
  std::erase_if(places, [asked_at](const auto& entry) {
    return entry.second.vacated && *entry.second.vacated < asked_at;
  });
  for (auto& [id, what] : std::exchange(waiting, {})) {
    auto asker = answers.take(id);
    if (what.counts_only)
      asker.deliver(usage());
    else if (auto why = decide(what))
      asker.deliver(why);
    else
      asker.deliver(caf::unit);
  }
}

void launch_quota_state::on_list_failed(const caf::error& why) {
  listing = false;
  auto words = surrounded(why,
                          "The running servers could not be counted, without which no quota can be "
                          "kept: ",
                          ". Try again in a few minutes.");
  for (auto& [id, what] : std::exchange(waiting, {})) answers.take(id).deliver(words);
}

launch_quota_state::tally launch_quota_state::count_for(const question& what) const {
  auto image = image_without_tag(what.claim.image_name);
  auto own = caf::actor_cast<caf::actor_addr>(what.claimant);
  tally sum;
  std::set<std::string_view> of_places;
  for (const auto& [claimant, held] : places) {
    of_places.insert(held.servers.begin(), held.servers.end());
    if (claimant == own) continue;
    ++sum.total;
    if (held.image == image) ++sum.matching;
  }
  for (const auto& server : listed.servers) {
    if (of_places.contains(server.key)) continue;
    ++sum.total;
    if (server.image == image) ++sum.matching;
  }
  return sum;
}

caf::error launch_quota_state::judge(const question& what) const {
  const auto& claim = what.claim;
  auto sum = count_for(what);
  if (options.total_quota && sum.total >= *options.total_quota)
    return make_error(errc::pod_quota, "Too many users on this BinderHub! Try again soon.");
  if (claim.repo_quota > 0 && sum.matching >= claim.repo_quota)
    return make_error(errc::repo_quota,
                      "Too many users running " + claim.repo_url + "! Try again soon.");
  return {};
}

caf::error launch_quota_state::decide(const question& what) {
  auto why = judge(what);
  if (!why) {
    take_place(what);
    return why;
  }
  auto sum = count_for(what);
  log_line(log_level::warning, "quota is reached",
           {{"quota", to_string(code_of(why))},
            {"repo", shown_url(what.claim.repo_url)},
            {"servers", std::to_string(sum.total)},
            {"of_repo", std::to_string(sum.matching)}});
  return why;
}

void launch_quota_state::take_place(const question& what) {
  if (!what.claimant) return;
  auto claimant = caf::actor_cast<caf::actor_addr>(what.claimant);
  auto [held, is_new] = places.try_emplace(claimant);
  held->second = {image_without_tag(what.claim.image_name), what.claim.servers, std::nullopt};
  if (is_new) self->monitor(what.claimant);
}

server_usage launch_quota_state::usage() const {
  return {count_for({}).total, options.total_quota.has_value(), options.total_quota.value_or(0)};
}

launch_quota_actor::behavior_type launch_quota(
    launch_quota_actor::stateful_pointer<launch_quota_state> self, launch_quota_options options,
    server_lister_actor hub) {
  auto& state = self->state;
  state.options = options;
  state.hub = std::move(hub);
  return state.make_behavior();
}

std::string image_without_tag(const std::string& image) {
  auto colon = image.rfind(':');
  auto slash = image.rfind('/');
  auto has_tag = colon != std::string::npos && (slash == std::string::npos || colon > slash);
  return has_tag ? image.substr(0, colon) : image;
}

}  // namespace bindery
