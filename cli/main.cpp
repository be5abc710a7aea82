#include <cstdio>
#include <cstring>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/git_resolve.hpp"
#include "runtime/settings/reference.hpp"

using namespace bindery;

namespace {

constexpr const char* about =
    "Bindery opens links to git repositories as running Jupyter servers: it resolves the link to\n"
    "a commit, builds its image with repo2docker, and has JupyterHub start it.\n";

constexpr const char* examples =
    "\nTry it on this machine, with every part it needs (as root):\n"
    "  bindery up\n"
    "Run a node against a JupyterHub and a registry of yours:\n"
    "  bindery check --settings bindery.yaml\n"
    "  JUPYTERHUB_API_TOKEN=... bindery serve --settings bindery.yaml\n"
    "A settings file has BinderHub's own names:\n"
    "  BinderHub:\n"
    "    hub_url: https://hub.example.org/\n"
    "    image_prefix: registry.example.org/binder-\n";

void add_settings(CLI::App& command, std::string& file) {
  command.add_option("-s,--settings", file, "Settings file (YAML or JSON)")
      ->check(CLI::ExistingFile);
}

}  // namespace

int main(int argc, char** argv) {
  // A child of ours, not for people; kept out of the parser and its help.
  if (argc == 2 && std::strcmp(argv[1], "git-resolve") == 0) return git_resolve_main();

  CLI::App app{about, "bindery"};
  app.footer(examples);
  app.require_subcommand(argc > 1 ? 1 : 0, 1);
  app.set_version_flag("--version", "bindery " BINDERY_VERSION);

  settings_arguments served, checked;
  up_arguments brought_up;
  auto* serve = app.add_subcommand("serve", "Run a node against your own JupyterHub and registry");
  add_settings(*serve, served.file);
  serve->footer(
      "\nIt logs to standard error and ends cleanly with Ctrl-C or SIGTERM: launches end and "
      "their servers are deleted,\nbuilds are stopped.\nSecrets come from the environment: "
      "JUPYTERHUB_API_TOKEN, "
      "GITHUB_ACCESS_TOKEN, GITLAB_ACCESS_TOKEN,\nBINDERHUB_BUILD_TOKEN_SECRET.");

  auto* up = app.add_subcommand("up", "Run a node and every part it needs on this machine");
  add_settings(*up, brought_up.file);
  up->add_option("--state", brought_up.state_folder,
                 "Folder for images, secrets and logs; a second start finds them again");
  up->add_option("-p,--port", brought_up.port, "Port of the pages; 0 picks a free one")
      ->check(CLI::Range(0, 65535));
  up->add_option("-l,--launch", brought_up.launch,
                 "Launch this once all is up: the end of a link, such as gh/user/repo/HEAD,\n"
                 "or the word sample");
  up->add_flag("--check", brought_up.check,
               "Launch the sample repository, see that its server answers, then end everything");
  up->footer(
      "\nStarts a container engine, a registry, JupyterHub and a git server, each only where the "
      "settings\n(or DOCKER_HOST) do not name one, supervises them, and ends them with Ctrl-C.");

  auto* check = app.add_subcommand("check", "Read the settings and tell every problem in them");
  add_settings(*check, checked.file);
  check->footer("\nExit status 0 where `serve` would start with them, 1 otherwise.");
  auto* reference =
      app.add_subcommand("settings", "Print the reference of all settings, as Markdown");
  auto* version = app.add_subcommand("version", "Print the version");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& why) {
    constexpr int wrong_usage = 2;
    return app.exit(why) == 0 ? 0 : wrong_usage;
  }
  if (argc == 1) {
    std::fputs(app.help().c_str(), stdout);
    return 0;
  }
  if (*version) {
    std::puts("bindery " BINDERY_VERSION);
    return 0;
  }
  if (*reference) {
    std::fputs(settings_reference().c_str(), stdout);
    return 0;
  }
  if (*serve) return serve_main(served);
  if (*check) return check_main(checked);
  return up_main(brought_up);
}
