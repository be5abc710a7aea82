#include "runtime/launch/stage_history.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

constexpr int64_t longest_milliseconds = int64_t{24} * 3600 * 1000;
constexpr size_t longest_name_bytes = 1024;
constexpr int format = 1;

constexpr std::array<launch_stage, launch_stage_count> every_stage = {
    launch_stage::resolve, launch_stage::fetch, launch_stage::build, launch_stage::push,
    launch_stage::launch};

int64_t median(const std::deque<int64_t>& samples) {
  if (samples.empty()) return -1;
  std::vector<int64_t> sorted{samples.begin(), samples.end()};
  std::sort(sorted.begin(), sorted.end());
  auto middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

caf::error unreadable(const std::string& why) {
  return make_error(errc::bad_answer, "this is no history of launches: " + why);
}

}  // namespace

std::string_view to_string(launch_stage what) {
  constexpr std::array<std::string_view, launch_stage_count> names = {"resolve", "fetch", "build",
                                                                      "push", "launch"};
  return names[static_cast<size_t>(what)];
}

stage_history::entry* stage_history::find(const std::string& repository) {
  auto known = places_.find(repository);
  if (known == places_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, known->second);
  return &entries_.front();
}

bool stage_history::record(const stage_time& took) {
  auto stage = static_cast<size_t>(took.what);
  if (took.milliseconds < 0 || took.milliseconds > longest_milliseconds ||
      stage >= launch_stage_count || took.repository.empty() ||
      took.repository.size() > longest_name_bytes || !is_utf8(took.repository))
    return false;
  auto* known = find(took.repository);
  if (known == nullptr) {
    entries_.push_front({took.repository, {}});
    places_.emplace(took.repository, entries_.begin());
    known = &entries_.front();
  }
  auto& samples = known->samples[stage];
  samples.push_back(took.milliseconds);
  if (samples.size() > bounds_.samples) samples.pop_front();
  if (entries_.size() > bounds_.repositories) {
    places_.erase(entries_.back().repository);
    entries_.pop_back();
  }
  return true;
}

launch_estimate stage_history::estimate(const std::string& repository) {
  launch_estimate result;
  const auto* known = find(repository);
  if (known == nullptr) return result;
  auto count = [&](launch_stage what) {
    return static_cast<uint32_t>(known->samples[static_cast<size_t>(what)].size());
  };
  result.launches = count(launch_stage::launch);
  result.builds = count(launch_stage::build);
  for (size_t i = 0; i < launch_stage_count; ++i)
    result.milliseconds[i] = median(known->samples[i]);
  return result;
}

std::string stage_history::text() const {
  auto repositories = nlohmann::json::array();
  for (const auto& one : entries_) {
    nlohmann::json stages = nlohmann::json::object();
    for (auto what : every_stage)
      if (const auto& samples = one.samples[static_cast<size_t>(what)]; !samples.empty())
        stages[std::string{to_string(what)}] = samples;
    repositories.push_back({{"repository", one.repository}, {"milliseconds", std::move(stages)}});
  }
  return nlohmann::json{{"format", format}, {"repositories", std::move(repositories)}}.dump() +
         "\n";
}

caf::expected<stage_history> stage_history::read(std::string_view text,
                                                 stage_history_bounds bounds) {
  const auto all = nlohmann::json::parse(text, nullptr, false);
  if (!all.is_object() || !all.contains("format") || all["format"] != format)
    return unreadable("it is no JSON object of format " + std::to_string(format));
  auto list = all.find("repositories");
  if (list == all.end() || !list->is_array()) return unreadable("it has no list of repositories");
  stage_history result{bounds};
  // The last used first, so the oldest go in first; no more than will stay.
  for (auto i = std::min(list->size(), bounds.repositories); i-- > 0;) {
    const auto& one = (*list)[i];
    auto name = one.is_object() ? one.find("repository") : one.end();
    auto stages = one.is_object() ? one.find("milliseconds") : one.end();
    if (name == one.end() || !name->is_string() || stages == one.end() || !stages->is_object())
      return unreadable("a repository has no name or no times");
    for (auto what : every_stage) {
      auto samples = stages->find(std::string{to_string(what)});
      if (samples == stages->end()) continue;
      if (!samples->is_array()) return unreadable("the times of a stage are no list");
      for (const auto& sample : *samples)
        if (!sample.is_number_integer() ||
            !result.record({name->get<std::string>(), what, sample.get<int64_t>()}))
          return unreadable("a time or a name is out of range");
    }
  }
  return result;
}

}  // namespace bindery
