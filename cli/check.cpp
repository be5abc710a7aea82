#include <iostream>

#include "actors/node_settings.hpp"
#include "cli/commands.hpp"
#include "cli/running_node.hpp"
#include "cli/settings_file.hpp"
#include "http/prepared_site.hpp"
#include "runtime/error.hpp"
#include "runtime/providers/provider_table.hpp"

namespace bindery {

int check_main(const settings_arguments& arguments) {
  auto report = read_settings(arguments.file);
  if (report.problems.empty()) {
    require_serving(report);
    // What only whoever uses a setting can judge.
    if (auto wiring = read_wiring(report.values); !wiring)
      report.problems.push_back(describe(wiring.error()));
    if (auto providers = provider_table::make(report.values); !providers)
      report.problems.push_back(describe(providers.error()));
    else if (auto tokens = build_tokens_of(report.values); !tokens)
      report.problems.push_back(describe(tokens.error()));
    else if (auto who_may = logins_of(report.values); !who_may)
      report.problems.push_back(describe(who_may.error()));
    else if (auto why = check_site(site_for(report.values, *providers)))
      report.problems.push_back(describe(why));
  }
  if (!tell(report)) {
    std::cerr << report.problems.size() << (report.problems.size() == 1 ? " problem" : " problems")
              << " in " << (arguments.file.empty() ? "the settings" : arguments.file) << "\n";
    return 1;
  }
  std::cout << (arguments.file.empty() ? "the settings" : arguments.file) << ": fine\n";
  return 0;
}

}  // namespace bindery
