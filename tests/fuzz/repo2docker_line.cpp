#include <nlohmann/json.hpp>

#include "runtime/build/repo2docker.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

/// A line of a build's output.
void run(std::string_view bytes) {
  auto event = read_repo2docker_line(bytes, phase::building);
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

const add_target added{"repo2docker_line", run};

}  // namespace

}  // namespace bindery::fuzz
