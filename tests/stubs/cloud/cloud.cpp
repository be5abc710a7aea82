#include "tests/stubs/cloud/cloud.hpp"

#include <stdexcept>

namespace stub_cloud {

cloud::cloud(uint64_t seed) : seed_(seed) {
  cloud_links links;
  links.url_of = [this](const std::string& name) {
    auto* found = find(name);
    return found == nullptr ? std::string{} : found->url;
  };
  for (auto& each : make_services(links)) {
    services_.emplace_back();
    services_.back().what = std::move(each);
  }
  reset(seed);
}

counted_service* cloud::find(const std::string& name) {
  for (auto& each : services_)
    if (each.what->name() == name) return &each;
  return nullptr;
}

delivery cloud::take(counted_service& service, const request& asked) {
  auto told = service.what->take(asked);
  ++service.requests;
  ++service.routes[told.route];
  if (service.targets.size() < max_targets) ++service.targets[asked.method + " " + asked.target];
  auto route = told.route;
  auto out = deliver(service.faults, std::move(told), service.chance);
  auto ended = out.disconnect || out.never ? std::string{"none"} : std::to_string(out.what.status);
  ++service.statuses[ended];
  if (keeps_requests_) {
    service.last.push_back({{"method", asked.method},
                            {"target", asked.target},
                            {"route", route},
                            {"headers", asked.headers},
                            {"body", asked.body},
                            {"status", ended}});
    if (service.last.size() > max_last) service.last.pop_front();
  }
  return out;
}

answer cloud::control(const request& asked) try {
  auto path = asked.elements();
  path.erase(path.begin());
  if (path.empty()) {
    json urls = json::object();
    for (const auto& each : services_) urls[each.what->name()] = each.url;
    return json_answer("control", 200, {{"services", urls}, {"seed", seed_}});
  }
  if (path[0] == "reset" && asked.method == "POST") {
    auto wanted = asked.body.empty() ? json::object() : json::parse(asked.body);
    reset(wanted.value("seed", seed_));
    return json_answer("control", 200, {{"seed", seed_}});
  }
  if (path[0] == "record" && asked.method == "PUT") {
    keeps_requests_ = json::parse(asked.body).get<bool>();
    return json_answer("control", 200, {{"record", keeps_requests_}});
  }
  if (path[0] == "counters") {
    json all = json::object();
    for (const auto& each : services_) all[each.what->name()] = counters(each, false);
    return json_answer("control", 200, all);
  }
  auto* service = find(path[0]);
  if (service != nullptr && path.size() == 2) return one_service(asked, *service, path[1]);
  return json_answer("control", 404,
                     {{"message", "no such thing to control; see docs/stub-cloud.md"}});
} catch (const std::exception& fault) {
  return json_answer("control", 400, {{"message", fault.what()}});
}

answer cloud::one_service(const request& asked, counted_service& service, const std::string& what) {
  bool puts = asked.method == "PUT";
  if (what == "faults" && puts)
    service.faults = read_faults(json::parse(asked.body));
  else if (what == "behaviour" && puts)
    service.what->behave(json::parse(asked.body));
  else if (what == "counters")
    return json_answer("control", 200, counters(service, true));
  else if (what == "requests")
    return json_answer("control", 200, json(service.last));
  else
    return json_answer("control", 404,
                       {{"message", "PUT faults or behaviour; GET counters or requests"}});
  return json_answer("control", 200, json::object());
}

json cloud::counters(const counted_service& service, bool with_targets) const {
  json result = {
      {"requests", service.requests}, {"routes", service.routes}, {"statuses", service.statuses}};
  if (with_targets) result["targets"] = service.targets;
  return result;
}

void cloud::reset(uint64_t seed) {
  seed_ = seed;
  keeps_requests_ = false;
  for (auto& each : services_) {
    each.what->reset();
    each.faults = {};
    // Its own sequence, so that one service's requests do not change another's chances.
    each.chance.seed(seed ^ hash_of(each.what->name()));
    each.requests = 0;
    each.routes.clear();
    each.statuses.clear();
    each.targets.clear();
    each.last.clear();
  }
}

}  // namespace stub_cloud
