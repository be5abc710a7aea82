#include "runtime/providers/provider.hpp"

#include "runtime/error.hpp"

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

}  // namespace bindery
