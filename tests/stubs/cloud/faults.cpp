#include "tests/stubs/cloud/faults.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace stub_cloud {

namespace {

constexpr std::array kinds = {"status", "disconnect", "cut",    "truncated", "not_json",    "body",
                              "huge",   "redirect",   "silent", "garbage",   "many_headers"};

void check_keys(const json& wanted) {
  constexpr std::array known = {"kind",  "rate",     "times", "route",      "status",
                                "bytes", "location", "body",  "latency_ms", "trickle"};
  for (const auto& [key, _] : wanted.items())
    if (std::find(known.begin(), known.end(), std::string_view{key}) == known.end())
      throw std::invalid_argument{"faults have no key \"" + key + "\""};
}

void set_answer(delivery& out, int status, std::string body, const char* type) {
  out.what.status = status;
  out.what.headers = {{"Content-Type", type}};
  out.what.body = std::move(body);
  out.what.is_stream = false;
  out.what.stream.clear();
}

void misbehave(const fault_plan& plan, delivery& out) {
  const auto& kind = plan.kind;
  if (kind == "status") {
    set_answer(out, plan.status, R"({"message": "the stub's own fault"})", "application/json");
  } else if (kind == "disconnect") {
    out.disconnect = true;
  } else if (kind == "cut") {
    out.cut = true;
  } else if (kind == "truncated") {
    out.what.body.resize(out.what.body.size() / 2);
  } else if (kind == "not_json") {
    set_answer(out, 200, "<html><body>Sign in to the hotel's network</body></html>", "text/html");
  } else if (kind == "body") {
    set_answer(out, 200, plan.body.dump(), "application/json");
  } else if (kind == "huge") {
    set_answer(out, 200, "", "application/json");
    out.huge_bytes = plan.bytes;
  } else if (kind == "redirect") {
    set_answer(out, 302, "", "text/html");
    out.what.headers.emplace_back("Location", plan.location);
  } else if (kind == "silent") {
    out.never = true;
  } else if (kind == "garbage") {
    out.raw = true;
    out.what.body = std::string("\x16\x03\x01\0\xff no HTTP at all\r\n\r\n", 25);
  } else if (kind == "many_headers") {
    for (int i = 0; i < 5'000; ++i)
      out.what.headers.emplace_back("X-Filler-" + std::to_string(i), std::string(100, 'x'));
  }
}

}  // namespace

fault_plan read_faults(const json& wanted) {
  if (!wanted.is_object()) throw std::invalid_argument{"faults are a JSON object"};
  check_keys(wanted);
  fault_plan plan;
  plan.kind = wanted.value("kind", plan.kind);
  if (!plan.kind.empty() &&
      std::find(kinds.begin(), kinds.end(), std::string_view{plan.kind}) == kinds.end())
    throw std::invalid_argument{"there is no fault \"" + plan.kind + "\""};
  plan.rate = wanted.value("rate", plan.rate);
  plan.times = wanted.value("times", plan.times);
  plan.route = wanted.value("route", plan.route);
  plan.status = wanted.value("status", plan.status);
  if (plan.status < 200 || plan.status > 599) throw std::invalid_argument{"status is 200 to 599"};
  plan.bytes = wanted.value("bytes", plan.bytes);
  plan.location = wanted.value("location", plan.location);
  if (wanted.contains("body")) plan.body = wanted["body"];
  if (auto found = wanted.find("latency_ms"); found != wanted.end()) {
    auto one = found->is_array() ? found->at(0).get<int64_t>() : found->get<int64_t>();
    auto two = found->is_array() ? found->at(1).get<int64_t>() : one;
    if (one < 0 || two < one) throw std::invalid_argument{"latency_ms is N or [least, most]"};
    plan.least_latency = std::chrono::milliseconds{one};
    plan.most_latency = std::chrono::milliseconds{two};
  }
  if (auto found = wanted.find("trickle"); found != wanted.end()) {
    plan.trickle_bytes = found->at("bytes").get<size_t>();
    plan.trickle_every = std::chrono::milliseconds{found->at("every_ms").get<int64_t>()};
    if (plan.trickle_bytes == 0) throw std::invalid_argument{"trickle.bytes is at least 1"};
  }
  return plan;
}

delivery deliver(fault_plan& plan, answer told, std::mt19937_64& chance) {
  delivery out;
  out.what = std::move(told);
  if (!plan.route.empty() && out.what.route.find(plan.route) == std::string::npos) return out;
  if (plan.most_latency.count() > 0) {
    std::uniform_int_distribution<int64_t> between{plan.least_latency.count(),
                                                   plan.most_latency.count()};
    out.latency = std::chrono::milliseconds{between(chance)};
  }
  out.trickle_bytes = plan.trickle_bytes;
  out.trickle_every = plan.trickle_every;
  if (plan.kind.empty()) return out;
  if (plan.rate < 1 && std::uniform_real_distribution<>{0, 1}(chance) >= plan.rate) return out;
  misbehave(plan, out);
  if (plan.times > 0 && --plan.times == 0) plan.kind.clear();
  return out;
}

}  // namespace stub_cloud
