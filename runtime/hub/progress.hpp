#pragma once

#include <cstdint>
#include <string>

#include <caf/meta/type_name.hpp>

namespace bindery {

/// One event of JupyterHub's server progress stream.
struct hub_progress {
  uint32_t percent = 0;
  std::string message;
  bool ready = false;
  bool failed = false;
  /// Path of the server under the hub's public URL, with `ready`.
  std::string url;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, hub_progress& x) {
  return f(caf::meta::type_name("hub_progress"), x.percent, x.message, x.ready, x.failed, x.url);
}

}  // namespace bindery
