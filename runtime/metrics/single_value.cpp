#include "runtime/metrics/single_value.hpp"

#include <utility>

namespace bindery {

prometheus::MetricFamily gauge_of(std::string name, std::string help, double value) {
  prometheus::MetricFamily family{std::move(name), std::move(help), prometheus::MetricType::Gauge,
                                  std::vector<prometheus::ClientMetric>(1)};
  family.metric[0].gauge.value = value;
  return family;
}

prometheus::MetricFamily counter_of(std::string name, std::string help, double value) {
  prometheus::MetricFamily family{std::move(name), std::move(help), prometheus::MetricType::Counter,
                                  std::vector<prometheus::ClientMetric>(1)};
  family.metric[0].counter.value = value;
  return family;
}

}  // namespace bindery
