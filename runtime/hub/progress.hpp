#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <caf/expected.hpp>
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

/// Reads the data of one event of `GET users/<name>/server/progress`. Fields of other types than
/// JupyterHub documents count as absent. Errors: bad_answer where it is no JSON object.
caf::expected<hub_progress> decode_progress(std::string_view data);

}  // namespace bindery
