#include "runtime/net/service_fault.hpp"

#include "runtime/error.hpp"

namespace bindery {

namespace {

const char* became_of(errc code) {
  switch (code) {
    case errc::unreachable:
      return " cannot be reached";
    case errc::timeout:
      return " did not answer in time";
    case errc::bad_answer:
      return " gave an unreadable answer";
    case errc::too_large:
      return " gave an answer that is too long";
    default:
      return " could not be asked";
  }
}

}  // namespace

caf::error unasked(std::string_view service, const caf::error& why) {
  return make_error(code_of(why), describe(why), std::string{service} + became_of(code_of(why)));
}

caf::error answered(const std::string& line, const caf::error& why) {
  return make_error(code_of(why), line + ": " + describe(why), describe_for_clients(why));
}

}  // namespace bindery
