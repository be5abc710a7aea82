#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace bindery {

/// Keeps the metrics' `repo` label bounded: the repositories seen most have a label of their own,
/// all the rest is `other`. Not thread-safe.
///
/// The first `labels` repositories get one each. Later ones are counted, and one that was seen more
/// than twice as often as the least seen labelled one takes that one's place (twice: so that two
/// of about the same count do not take turns). Counts are halved now and then, so "most" means of
/// late. Memory is bounded by `labels + watched` names of at most `max_name_bytes`.
class repo_label {
 public:
  static constexpr size_t max_name_bytes = 512;

  struct choice {
    /// What to write: the repository's name or `other`.
    std::string label;
    /// Name that lost its label to this one, so that its series can be removed; "" for none.
    std::string dropped;
  };

  /// `labels` names have a label at a time, `watched` more are counted as candidates (at least 1).
  explicit repo_label(size_t labels = 200, size_t watched = 2000);

  /// Counts one event of this repository. Names that are empty, longer than the bound, or not
  /// printable ASCII (no URL and no DOI is) are `other`.
  choice count(const std::string& repo);

 private:
  struct tally {
    uint64_t seen = 0;
    uint64_t last_event = 0;

    auto operator<=>(const tally&) const = default;
  };
  using tallies = std::unordered_map<std::string, tally>;

  void count_in(tally& one) { one = {one.seen + 1, events_}; }
  choice count_candidate(const std::string& repo);
  void make_room_for_candidate();
  void halve_when_due();

  size_t max_labels_;
  size_t max_watched_;
  uint64_t events_ = 0;
  tallies labelled_;
  tallies candidates_;
};

}  // namespace bindery
