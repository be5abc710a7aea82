#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>

#include <prometheus/counter.h>
#include <prometheus/registry.h>

namespace bindery {

/// A counter family with labels `status`, `provider` and `repo` whose series of one repository can
/// be removed. Not thread-safe towards itself; scraping beside it is fine.
class repo_counter {
 public:
  /// Registers the family; `registry` must outlive it.
  repo_counter(prometheus::Registry& registry, const std::string& name, const std::string& help);

  /// Counts one; `repo` is a bounded label (see `repo_label`).
  void count(const std::string& status, const std::string& provider, const std::string& repo);
  /// Removes every series of this repository.
  void drop(const std::string& repo);

 private:
  prometheus::Family<prometheus::Counter>& family_;
  std::unordered_map<std::string, std::unordered_set<prometheus::Counter*>> series_of_;
};

}  // namespace bindery
