#include "runtime/metrics/repo_label.hpp"

#include <algorithm>

namespace bindery {

namespace {

bool fit_for_label(const std::string& repo) {
  return !repo.empty() && repo.size() <= repo_label::max_name_bytes &&
         std::all_of(repo.begin(), repo.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// Among equally rare ones that whose last event is longest ago.
template <class Tallies>
auto least_seen(Tallies& all) {
  return std::min_element(all.begin(), all.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; });
}

}  // namespace

repo_label::repo_label(size_t labels, size_t watched)
    : max_labels_(labels), max_watched_(std::max<size_t>(watched, 1)) {}

repo_label::choice repo_label::count(const std::string& repo) {
  if (!fit_for_label(repo)) return {"other", ""};
  halve_when_due();
  if (auto known = labelled_.find(repo); known != labelled_.end()) {
    count_in(known->second);
    return {repo, ""};
  }
  if (labelled_.size() < max_labels_) {
    count_in(labelled_[repo]);
    return {repo, ""};
  }
  return count_candidate(repo);
}

repo_label::choice repo_label::count_candidate(const std::string& repo) {
  if (candidates_.count(repo) == 0) make_room_for_candidate();
  auto& candidate = candidates_[repo];
  count_in(candidate);
  auto least = least_seen(labelled_);
  if (least == labelled_.end() || candidate.seen <= 2 * least->second.seen) return {"other", ""};
  auto demoted = *least;
  labelled_.erase(least);
  labelled_.emplace(repo, candidate);
  candidates_.erase(repo);
  candidates_.insert(demoted);
  return {repo, demoted.first};
}

void repo_label::make_room_for_candidate() {
  if (candidates_.size() >= max_watched_) candidates_.erase(least_seen(candidates_));
}

void repo_label::halve_when_due() {
  if (++events_ % (10 * (max_labels_ + max_watched_)) != 0) return;
  for (auto& each : labelled_) each.second.seen /= 2;
  for (auto& each : candidates_) each.second.seen /= 2;
  std::erase_if(candidates_, [](const auto& each) { return each.second.seen == 0; });
}

}  // namespace bindery
