#pragma once

#include <vector>

#include <prometheus/metric_family.h>

namespace bindery {

/// What Prometheus clients tell about their own process, under the usual names: `process_…`
/// resident and virtual memory, open and most file descriptors, start time, CPU time. Read from
/// `/proc/self` on each call; what cannot be read is left out.
std::vector<prometheus::MetricFamily> process_metrics();

}  // namespace bindery
