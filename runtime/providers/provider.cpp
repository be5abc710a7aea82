#include "runtime/providers/provider.hpp"

#include "runtime/error.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

caf::expected<resolve_step> resolution::on_response(const http_response&) {
  return make_error(errc::internal, "An HTTP answer came that this provider did not ask for");
}

caf::expected<resolve_step> resolution::on_commit(const std::string&) {
  return make_error(errc::internal, "A commit came that this provider did not ask for");
}

caf::expected<resolve_step> resolution::on_failure(const caf::error& why) {
  return why;
}

caf::expected<resolve_step> resolution::go_on() {
  return make_error(errc::internal, "A notice was passed on that this provider did not give");
}

std::string repo_provider::repository_of(std::string_view spec) const {
  auto shown = shown_spec(spec);  // what is remembered holds no secret
  auto plain = percent_unescape(shown);
  return plain ? *plain : shown;
}

std::optional<preview_source> repo_provider::preview_of(std::string_view) const {
  return std::nullopt;
}

std::string repository_key(const repo_provider& provider, std::string_view spec) {
  return std::string{provider.prefix()} + "/" + provider.repository_of(spec);
}

}  // namespace bindery
