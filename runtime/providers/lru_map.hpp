#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace bindery {

/// A map by text of at most `capacity` entries: beyond that the entry goes that was longest not
/// found or put. Not thread-safe.
template <class Value>
class lru_map {
 public:
  explicit lru_map(size_t capacity) : capacity_(capacity) {}

  /// Null where there is none. Valid until the next call.
  Value* find(const std::string& key) {
    auto place = places_.find(key);
    if (place == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, place->second);
    return &place->second->second;
  }

  void put(const std::string& key, Value value) {
    if (auto* known = find(key)) {
      *known = std::move(value);
      return;
    }
    entries_.emplace_front(key, std::move(value));
    places_.emplace(key, entries_.begin());
    if (entries_.size() > capacity_) erase(std::string{entries_.back().first});
  }

  void erase(const std::string& key) {
    auto place = places_.find(key);
    if (place == places_.end()) return;
    entries_.erase(place->second);
    places_.erase(place);
  }

  size_t size() const { return entries_.size(); }

 private:
  using entry_list = std::list<std::pair<std::string, Value>>;

  size_t capacity_;
  entry_list entries_;  // the latest first
  std::unordered_map<std::string, typename entry_list::iterator> places_;
};

}  // namespace bindery
