#include <optional>

#include "runtime/settings/load.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

/// A settings file.
void run(std::string_view bytes) {
  auto nothing = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
  auto report = parse_settings(std::string{bytes}, "file", nothing);
  require_serving(report);
  for (const auto& problem : report.problems) require(!problem.empty(), "a problem has words");
  for (const auto& warning : report.warnings) require(!warning.empty(), "a warning has words");
}

const add_target added{"settings_file", run};

}  // namespace

}  // namespace bindery::fuzz
