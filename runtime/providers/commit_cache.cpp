#include "runtime/providers/commit_cache.hpp"

#include <utility>

#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

constexpr size_t max_etag_bytes = 256;

}  // namespace

std::optional<known_commit> commit_cache::find(const std::string& url) {
  std::lock_guard guard{mutex_};
  if (const auto* known = commits_.find(url)) return *known;
  return std::nullopt;
}

void commit_cache::store(const std::string& url, known_commit answer) {
  bool usable =
      !answer.etag.empty() && answer.etag.size() <= max_etag_bytes && !has_control(answer.etag);
  std::lock_guard guard{mutex_};
  if (usable)
    commits_.put(url, std::move(answer));
  else
    commits_.erase(url);
}

}  // namespace bindery
