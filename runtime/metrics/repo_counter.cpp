#include "runtime/metrics/repo_counter.hpp"

namespace bindery {

repo_counter::repo_counter(prometheus::Registry& registry, const std::string& name,
                           const std::string& help)
    : family_(prometheus::BuildCounter().Name(name).Help(help).Register(registry)) {}

void repo_counter::count(const std::string& status, const std::string& provider,
                         const std::string& repo) {
  auto& counter = family_.Add({{"status", status}, {"provider", provider}, {"repo", repo}});
  series_of_[repo].insert(&counter);
  counter.Increment();
}

void repo_counter::drop(const std::string& repo) {
  auto found = series_of_.find(repo);
  if (found == series_of_.end()) return;
  for (auto* counter : found->second) family_.Remove(counter);
  series_of_.erase(found);
}

}  // namespace bindery
