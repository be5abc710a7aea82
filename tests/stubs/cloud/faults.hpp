#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string>

#include "tests/stubs/cloud/message.hpp"

namespace stub_cloud {

/// How one service misbehaves. docs/stub-cloud.md tells what each key of the JSON means.
struct fault_plan {
  std::string kind;    ///< "" for none
  double rate = 1;     ///< of the requests that it concerns
  uint64_t times = 0;  ///< so many requests, then no more; 0 for all
  std::string route;   ///< only requests whose route holds this
  int status = 503;
  uint64_t bytes = 0;
  std::string location;
  json body;
  std::chrono::milliseconds least_latency{0}, most_latency{0};
  size_t trickle_bytes = 0;
  std::chrono::milliseconds trickle_every{0};
};

/// Throws std::exception, with words for people, for what is no plan.
fault_plan read_faults(const json& wanted);

/// How an answer goes out.
struct delivery {
  answer what;
  std::chrono::milliseconds latency{0};
  size_t trickle_bytes = 0;
  std::chrono::milliseconds trickle_every{0};
  bool never = false;       ///< no byte is ever sent
  bool raw = false;         ///< the body alone goes out, without a head
  bool cut = false;         ///< the connection ends after half of the bytes
  bool disconnect = false;  ///< before any byte
  uint64_t huge_bytes = 0;  ///< a body of so many bytes, made up
};

/// Carries the plan out. `chance` alone decides what is random, in the order of the requests.
delivery deliver(fault_plan& plan, answer told, std::mt19937_64& chance);

}  // namespace stub_cloud
