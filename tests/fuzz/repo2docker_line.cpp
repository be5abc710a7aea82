#include <algorithm>

#include <nlohmann/json.hpp>

#include "runtime/build/repo2docker.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

void check(const stream_event& event) {
  require(
      event.what != phase::built && event.what != phase::ready && event.what != phase::launching,
      "a build's output forges no success");
  require(event.json.find('\n') == std::string::npos, "an event is one line");
  auto json = nlohmann::json::parse(event.json, nullptr, false);
  require(json.is_object() && json["phase"].is_string() && json["message"].is_string(),
          "an event has phase and message");
  require(json["phase"] == to_string(event.what), "an event has one phase");
  require(json["message"].get<std::string>().ends_with('\n'), "a message ends its line");
}

/// The lines of a build's output.
void run(std::string_view bytes) {
  repo2docker_reader reader;
  auto check_all = [](const std::vector<stream_event>& events) {
    for (const auto& event : events) check(event);
  };
  while (!bytes.empty()) {
    auto line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    check_all(reader.read(line));
  }
  check_all(reader.rest());
  require(!reader.holds_back(), "nothing is held back for ever");
}

const add_target added{"repo2docker_line", run};

}  // namespace

}  // namespace bindery::fuzz
