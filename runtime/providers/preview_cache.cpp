#include "runtime/providers/preview_cache.hpp"

#include <iterator>
#include <utility>

namespace bindery {

namespace {

/// What an entry takes beside its texts, roughly.
constexpr size_t entry_bytes = 256;

}  // namespace

std::optional<preview_cache::known> preview_cache::find(const std::string& spec, time_point now) {
  auto place = places_.find(spec);
  if (place == places_.end()) return std::nullopt;
  if (place->second->until <= now) {
    erase(place->second);
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, place->second);
  return entries_.front().what;
}

void preview_cache::put(const std::string& spec, known what, time_point until) {
  if (auto place = places_.find(spec); place != places_.end()) erase(place->second);
  auto bytes = entry_bytes + 2 * spec.size();
  if (what) bytes += what->text.size() + what->name.size() + what->url.size();
  entries_.push_front({spec, std::move(what), until, bytes});
  places_.emplace(spec, entries_.begin());
  bytes_ += bytes;
  while (bytes_ > bounds_.bytes) erase(std::prev(entries_.end()));
}

void preview_cache::erase(std::list<entry>::iterator place) {
  bytes_ -= place->bytes;
  places_.erase(place->spec);
  entries_.erase(place);
}

}  // namespace bindery
