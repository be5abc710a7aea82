#include "cli/settings_file.hpp"

#include <iostream>

#include "runtime/log.hpp"

namespace bindery {

settings_report read_settings(const std::string& file, const settings& defaults) {
  auto env = process_environment();
  auto report = file.empty() ? parse_settings("", "settings", env, defaults)
                             : load_settings(file, env, defaults);
  forget_secret_variables();
  return report;
}

bool tell(const settings_report& report) {
  for (const auto& warning : report.warnings) std::cerr << "warning: " << warning << "\n";
  for (const auto& problem : report.problems) std::cerr << "error: " << problem << "\n";
  return report.problems.empty();
}

void start_log(const settings& all) {
  start_log(all.bindery.log_format,
            all.binder_hub.debug ? std::string{"debug"} : all.bindery.log_level);
}

}  // namespace bindery
