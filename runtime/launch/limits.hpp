#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>

namespace bindery {

/// What a launch asks of the quotas.
struct quota_claim {
  std::string image_name;  ///< with its tag; servers are counted without
  std::string repo_url;    ///< for the words to clients
  /// Servers of this image that may run; 0 for no quota.
  uint32_t repo_quota = 0;
  /// Keys (`server_key`) of the servers that the launch may come to start, one after the other.
  std::vector<std::string> servers;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, quota_claim& x) {
  return f(caf::meta::type_name("quota_claim"), x.image_name, x.repo_url, x.repo_quota, x.servers);
}

/// What runs, for `/health` (contract, section 2).
struct server_usage {
  uint64_t servers = 0;  ///< places held by launches included
  bool limited = false;  ///< there is a `total_quota`
  uint32_t total_quota = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, server_usage& x) {
  return f(caf::meta::type_name("server_usage"), x.servers, x.limited, x.total_quota);
}

/// What became of counting one more launch of a client.
struct rate_count {
  bool admitted = false;
  uint32_t limit = 0;
  uint32_t remaining = 0;    ///< launches left in this window
  int64_t reset = 0;         ///< the window's end, in seconds since 1970
  int64_t seconds_left = 0;  ///< until then, rounded up; at least 1
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, rate_count& x) {
  return f(caf::meta::type_name("rate_count"), x.admitted, x.limit, x.remaining, x.reset,
           x.seconds_left);
}

}  // namespace bindery
