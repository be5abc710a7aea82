#pragma once

#include <string>

/// The subcommands. Each returns the process's exit status and tells problems on standard error.
namespace bindery {

/// What `serve` and `check` are told.
struct settings_arguments {
  /// Settings file; "" for defaults and environment alone.
  std::string file;
};

struct up_arguments {
  std::string file;
  /// Where images, secrets and logs are kept; "" for the user's own.
  std::string state_folder;
  /// Port of the pages; -1 for the settings' own.
  int port = -1;
  /// Repository to launch once all is up, as the end of a link (`git/<url>/HEAD`).
  std::string launch;
  /// Launch the sample repository, see that its server answers, end everything.
  bool check = false;
};

int serve_main(const settings_arguments& arguments);
int up_main(const up_arguments& arguments);
int check_main(const settings_arguments& arguments);

}  // namespace bindery
