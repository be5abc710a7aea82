#pragma once

#include <string>

#include <prometheus/metric_family.h>

namespace bindery {

/// A gauge whose value was read elsewhere just now, as a family of one.
prometheus::MetricFamily gauge_of(std::string name, std::string help, double value);

/// A counter whose absolute value is kept elsewhere, as a family of one.
prometheus::MetricFamily counter_of(std::string name, std::string help, double value);

}  // namespace bindery
