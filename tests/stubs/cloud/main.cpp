#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include "tests/stubs/cloud/server.hpp"

int main(int argc, char** argv) {
  CLI::App app{
      "Every service that Bindery asks, imitated on loopback: GitHub, GitLab, git, doi.org, "
      "Zenodo,\n"
      "Figshare, Dataverse, HydroShare, CKAN, a registry, JupyterHub, a container engine, and "
      "what\n"
      "fake_repo2docker asks. Prints where each is as one line of JSON; ends on SIGTERM."};
  uint16_t port = 0;
  uint64_t seed = 1;
  app.add_option("--first-port", port, "First of the ports in a row; 0 takes free ones");
  app.add_option("--seed", seed, "Of everything that is random");
  app.footer(
      "Examples, where $C is the address under \"control\":\n"
      "  curl $C                                           where everything is\n"
      "  curl $C/counters                                  how often each route was asked\n"
      "  curl $C/github/counters                           the same by target\n"
      "  curl -X PUT $C/github/behaviour -d '{\"remaining\": 0}'   its rate limit is used up\n"
      "  curl -X PUT $C/hub/behaviour -d '{\"spawn\": \"failed\"}'   no server starts\n"
      "  curl -X PUT $C/registry/faults -d '{\"kind\": \"status\", \"status\": 500, \"times\": "
      "2}'\n"
      "  curl -X PUT $C/gitlab/faults -d '{\"latency_ms\": [10, 200]}'\n"
      "  curl -X PUT $C/record -d true; curl $C/hub/requests   what exactly was asked\n"
      "  curl -X POST $C/reset                             everything as in the beginning\n"
      "docs/stub-cloud.md lists every fault and behaviour.");
  CLI11_PARSE(app, argc, argv);
  try {
    stub_cloud::cloud all{seed};
    stub_cloud::serve(all, port);
    return 0;
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "stub_cloud: %s. Take another --first-port, or 0 for free ports.\n",
                 fault.what());
    return 1;
  }
}
