#pragma once

#include <string>

#include <caf/meta/type_name.hpp>

namespace bindery {

/// What `/health` answers (contract, section 2).
struct health_report {
  /// Every check that counts is fine; else the status is 503.
  bool ok = false;
  /// The JSON body.
  std::string json;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, health_report& x) {
  return f(caf::meta::type_name("health_report"), x.ok, x.json);
}

}  // namespace bindery
