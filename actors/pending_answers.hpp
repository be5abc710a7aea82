#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>

#include <caf/response_promise.hpp>

#include "runtime/error.hpp"

namespace bindery {

/// The promises that an actor has given and not kept yet. What is left when the actor ends is
/// answered with `errc::shutting_down`: a promise that is merely dropped would leave its asker
/// waiting for ever. Belongs into the actor's state, so that it goes with it.
class pending_answers {
 public:
  pending_answers() = default;
  pending_answers(const pending_answers&) = delete;
  pending_answers& operator=(const pending_answers&) = delete;

  ~pending_answers() {
    for (auto& [id, promise] : promises_) promise.deliver(make_error(errc::shutting_down));
  }

  /// Returns the number by which `take` finds the promise again.
  uint64_t add(caf::response_promise promise) {
    promises_.emplace(++last_id_, std::move(promise));
    return last_id_;
  }

  /// The promise, out of the books; one that delivers nothing where `id` is not there any more.
  caf::response_promise take(uint64_t id) {
    auto entry = promises_.extract(id);
    return entry ? std::move(entry.mapped()) : caf::response_promise{};
  }

  bool empty() const { return promises_.empty(); }

 private:
  uint64_t last_id_ = 0;
  std::unordered_map<uint64_t, caf::response_promise> promises_;
};

}  // namespace bindery
