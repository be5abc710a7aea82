#pragma once

#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/stubs/cloud/faults.hpp"
#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

/// What one service was asked, and how it answers.
struct counted_service {
  service_ptr what;
  std::string url;
  fault_plan faults;
  std::mt19937_64 chance;
  uint64_t requests = 0;
  std::map<std::string, uint64_t> routes;
  std::map<std::string, uint64_t> statuses;
  std::map<std::string, uint64_t> targets;  ///< bounded: `max_targets`
  std::deque<json> last;                    ///< bounded: `max_last`
};

/// All services, their counters, and the control API. One thread uses it.
class cloud {
 public:
  static constexpr size_t max_targets = 200'000;
  static constexpr size_t max_last = 2'000;

  explicit cloud(uint64_t seed);

  /// Has `service` answer, misbehave and count.
  delivery take(counted_service& service, const request& asked);

  /// Answers `/_control/…`.
  answer control(const request& asked);

  std::vector<counted_service>& services() { return services_; }
  counted_service* find(const std::string& name);

 private:
  answer one_service(const request& asked, counted_service& service, const std::string& what);
  json counters(const counted_service& service, bool with_targets) const;
  void reset(uint64_t seed);

  uint64_t seed_;
  bool keeps_requests_ = false;
  std::vector<counted_service> services_;
};

}  // namespace stub_cloud
