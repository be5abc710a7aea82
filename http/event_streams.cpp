#include "http/event_streams.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace bindery {

namespace {

/// Ended launches are remembered so long after their streams were closed, and so many, to tell late
/// clients to stop asking.
constexpr std::chrono::minutes ended_memory{10};
constexpr size_t most_ended = 10'000;

}  // namespace

std::string event_streams::asked_for(const launch_request& launch) {
  // A spec cannot hold a line break, so that nobody's name runs into it.
  return launch.user + '\n' + (launch.build_only ? "image " : "server ") + launch.provider + '/' +
         launch.spec;
}

event_streams::beginning event_streams::begin(const launch_request& launch,
                                              const std::optional<resume_point>& resume,
                                              time_point now) const {
  if (resume) {
    auto key = asked_for(launch);
    const auto* end = end_of(resume->launch_id, key);
    // Whoever saw the end is not told it again, whether others still watch or not.
    if (end != nullptr && resume->number >= end->last_number) return {};
    bool over = end != nullptr && now - end->at >= options_.rejoin_window;
    if (auto found = topics_.find(resume->launch_id);
        found != topics_.end() && found->second.asked_for == key) {
      // A slow watcher keeps it here for longer than the desk, which would start it anew.
      bool missing = lacks(found->second, resume->number);
      if (!missing || !over) return {resume->launch_id, resume->number, true, missing};
    }
    if (auto found = left_.find(resume->launch_id); found != left_.end() &&
                                                    found->second.asked_for == key &&
                                                    now - found->second.at < options_.return_window)
      return {resume->launch_id, resume->number, false};
    if (end != nullptr && !over) return {resume->launch_id, resume->number, false};
  }
  auto found = topics_.find(launch.launch_id);
  if (found == topics_.end()) return {launch.launch_id};
  return {launch.launch_id, 0, true, lacks(found->second, 0)};
}

const event_streams::ending* event_streams::end_of(const std::string& launch_id,
                                                   const std::string& words) const {
  if (auto found = topics_.find(launch_id);
      found != topics_.end() && found->second.end && found->second.asked_for == words)
    return &*found->second.end;
  auto found = ended_.find(launch_id);
  return found != ended_.end() && found->second.asked_for == words ? &found->second.end : nullptr;
}

bool event_streams::lacks(const topic& of, uint64_t seen) {
  if (seen >= of.newest) return false;
  auto kept = std::distance(of.backlog.upper_bound(seen), of.backlog.end());
  return static_cast<uint64_t>(kept) < of.newest - seen;
}

void event_streams::open(uint64_t connection, const beginning& from, const launch_request& launch,
                         time_point now) {
  auto [where, is_new] = topics_.try_emplace(from.launch_id);
  if (is_new) {
    where->second.asked_for = asked_for(launch);
    if (const auto* end = end_of(from.launch_id, where->second.asked_for)) where->second.end = *end;
  }
  where->second.watchers.push_back(connection);
  left_.erase(from.launch_id);
  streams_[connection] = {&*where, from.seen, now + options_.keepalive_interval, time_point::max()};
}

std::vector<event_streams::delivery> event_streams::on_event(const std::string& launch_id,
                                                             const stream_event& event,
                                                             time_point now) {
  std::vector<delivery> result;
  auto found = topics_.find(launch_id);
  if (found == topics_.end()) return result;
  auto& of = found->second;
  of.newest = std::max(of.newest, event.number);
  bool wanted = false;
  for (auto connection : of.watchers) {
    auto& one = streams_.at(connection);
    if (one.done) continue;
    // The record has the last event too; a client that claims to have seen more is told it at once.
    if (event.last() && event.number <= one.seen) one.seen = event.number - 1;
    if (event.number <= one.seen) continue;
    // A client that joins late is told the whole record while news arrive: numbers keep the order.
    if (one.held || event.number != one.seen + 1) {
      wanted = true;
      continue;
    }
    tell(one, event, now);
    result.push_back({connection, one.done});
  }
  if (wanted)
    of.backlog.try_emplace(event.number, event);
  else if (event.number == of.newest)
    of.backlog.clear();
  if (event.last() && !of.end) {
    of.end = ending{event.number, now};
    remember(launch_id, of);
  }
  return result;
}

void event_streams::remember(const std::string& launch_id, const topic& of) {
  if (!ended_.try_emplace(launch_id, ended{of.asked_for, *of.end}).second) return;
  ended_ids_.push_back(launch_id);
  if (ended_ids_.size() > most_ended) forget_oldest();
}

void event_streams::forget_oldest() {
  ended_.erase(ended_ids_.front());
  ended_ids_.pop_front();
}

void event_streams::tell(stream& one, const stream_event& event, time_point now) const {
  one.seen = event.number;
  one.done = event.last();
  if (one.done)
    one.close_at = event.what == phase::ready ? now + options_.linger : time_point::max();
}

void event_streams::hold(uint64_t connection) {
  if (auto found = streams_.find(connection); found != streams_.end()) found->second.held = true;
}

std::optional<event_streams::kept> event_streams::next(uint64_t connection, time_point now) {
  auto found = streams_.find(connection);
  if (found == streams_.end()) return std::nullopt;
  auto& one = found->second;
  const auto& [launch_id, of] = *one.of;
  auto event = of.backlog.find(one.seen + 1);
  if (one.done || event == of.backlog.end()) {
    one.held = false;
    return std::nullopt;
  }
  tell(one, event->second, now);
  return kept{launch_id, event->second};
}

bool event_streams::ask(const std::string& launch_id) {
  auto found = topics_.find(launch_id);
  if (found == topics_.end()) return false;
  found->second.ask_again = found->second.asked;
  return !std::exchange(found->second.asked, true);
}

bool event_streams::came(const std::string& launch_id) {
  auto found = topics_.find(launch_id);
  if (found == topics_.end()) return false;
  found->second.asked = std::exchange(found->second.ask_again, false);
  return found->second.asked;
}

void event_streams::prune(topic& of) const {
  if (of.backlog.empty()) return;
  auto least = std::numeric_limits<uint64_t>::max();
  for (auto connection : of.watchers)
    if (const auto& one = streams_.at(connection); !one.done) least = std::min(least, one.seen);
  of.backlog.erase(of.backlog.begin(), of.backlog.upper_bound(least));
}

std::optional<std::string> event_streams::leave(uint64_t connection, time_point now) {
  auto found = streams_.find(connection);
  if (found == streams_.end()) return std::nullopt;
  auto& [launch_id, watched] = *found->second.of;
  streams_.erase(found);
  std::erase(watched.watchers, connection);
  if (!watched.watchers.empty()) return std::nullopt;
  auto nobody_watches = launch_id;
  if (!watched.end) left_[launch_id] = {watched.asked_for, now};
  topics_.erase(nobody_watches);
  return nobody_watches;
}

event_streams::due event_streams::tick(time_point now) {
  due result;
  for (auto& [connection, one] : streams_) {
    if (now >= one.close_at) {
      result.lingered.push_back(connection);
    } else if (now >= one.next_keepalive) {
      one.next_keepalive = now + options_.keepalive_interval;
      result.keepalives.push_back(connection);
    }
  }
  for (auto& [launch_id, of] : topics_) prune(of);
  std::erase_if(left_,
                [&](const auto& entry) { return now - entry.second.at >= options_.return_window; });
  while (!ended_ids_.empty() &&
         now - ended_.at(ended_ids_.front()).end.at > options_.linger + ended_memory)
    forget_oldest();
  return result;
}

std::vector<uint64_t> event_streams::waiting() const {
  std::vector<uint64_t> result;
  for (const auto& [connection, one] : streams_)
    if (!one.done) result.push_back(connection);
  return result;
}

}  // namespace bindery
