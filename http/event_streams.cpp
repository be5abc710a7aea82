#include "http/event_streams.hpp"

#include <algorithm>

namespace bindery {

namespace {

/// Ended launches are remembered so long, and so many, to tell late clients to stop asking.
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
    auto end = ended_.find(resume->launch_id);
    if (end != ended_.end() && end->second.asked_for != key) end = ended_.end();
    // Whoever saw the end is not told it again, whether others still watch or not.
    if (end != ended_.end() && resume->number >= end->second.last_number) return {};
    if (auto found = topics_.find(resume->launch_id);
        found != topics_.end() && found->second.asked_for == key)
      return {resume->launch_id, resume->number, true};
    if (auto found = left_.find(resume->launch_id); found != left_.end() &&
                                                    found->second.asked_for == key &&
                                                    now - found->second.at < options_.return_window)
      return {resume->launch_id, resume->number, false};
    if (end != ended_.end() && now - end->second.at < options_.rejoin_window)
      return {resume->launch_id, resume->number, false};
  }
  return {launch.launch_id, 0, topics_.contains(launch.launch_id)};
}

void event_streams::open(uint64_t connection, const beginning& from, const launch_request& launch,
                         time_point now) {
  auto [where, is_new] = topics_.try_emplace(from.launch_id);
  if (is_new) where->second.asked_for = asked_for(launch);
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
  for (auto connection : found->second.watchers) {
    auto& one = streams_.at(connection);
    // A client that joins late is told the whole record while news arrive: numbers keep the order.
    // The record has the last event too; a client that claims to have seen more is told it at once.
    bool next = event.number == one.seen + 1 || (event.last() && event.number <= one.seen);
    if (one.done || !next) continue;
    one.seen = event.number;
    one.done = event.last();
    if (one.done)
      one.close_at = event.what == phase::ready ? now + options_.linger : time_point::max();
    result.push_back({connection, one.done});
  }
  if (event.last() && ended_.size() < most_ended)
    ended_.try_emplace(launch_id, ended{found->second.asked_for, event.number, now});
  return result;
}

std::optional<std::string> event_streams::leave(uint64_t connection, time_point now) {
  auto found = streams_.find(connection);
  if (found == streams_.end()) return std::nullopt;
  auto& [launch_id, watched] = *found->second.of;
  streams_.erase(found);
  std::erase(watched.watchers, connection);
  if (!watched.watchers.empty()) return std::nullopt;
  auto nobody_watches = launch_id;
  if (!ended_.contains(launch_id)) left_[launch_id] = {watched.asked_for, now};
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
  std::erase_if(left_,
                [&](const auto& entry) { return now - entry.second.at >= options_.return_window; });
  std::erase_if(ended_, [&](const auto& entry) { return now - entry.second.at > ended_memory; });
  return result;
}

std::vector<uint64_t> event_streams::waiting() const {
  std::vector<uint64_t> result;
  for (const auto& [connection, one] : streams_)
    if (!one.done) result.push_back(connection);
  return result;
}

}  // namespace bindery
