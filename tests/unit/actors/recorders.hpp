#pragma once

#include <memory>
#include <string>
#include <vector>

#include <caf/event_based_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <nlohmann/json.hpp>

#include "actors/interfaces.hpp"

namespace bindery::test {

/// Events that a sink was told, in order.
struct recording {
  std::vector<stream_event> events;

  std::vector<std::string> phases() const {
    std::vector<std::string> words;
    for (const auto& event : events) words.push_back(to_string(event.what));
    return words;
  }
  nlohmann::json last() const { return nlohmann::json::parse(events.back().json); }
  std::string message(size_t index) const {
    return nlohmann::json::parse(events.at(index).json)["message"];
  }
};

/// A sink for launch or build events (their interfaces are the same).
inline launch_sink_actor::behavior_type recording_sink(std::shared_ptr<recording> into) {
  return {[into](event_atom, const std::string&, stream_event& event) {
    into->events.push_back(std::move(event));
  }};
}

/// Joins words for readable comparisons: `waiting built`.
inline std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

}  // namespace bindery::test
