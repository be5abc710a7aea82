#include "runtime/providers/web_resolution.hpp"

#include <utility>

namespace bindery {

caf::expected<resolve_step> web_resolution::on_response(const http_response& answer) {
  auto next = trail_.follow(answer);
  if (!next) return std::move(next.error());
  if (*next) return resolve_step{std::move(**next)};
  return on_answer(answer, trail_.from());
}

resolve_step web_resolution::ask(std::string url) {
  return trail_.ask(std::move(url));
}

}  // namespace bindery
