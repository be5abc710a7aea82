#include "runtime/build/fake_log.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace bindery {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds short_pause{150};
constexpr milliseconds long_pause{700};
constexpr int64_t layer_bytes = 48'000'000;
constexpr int pushes = 4;

constexpr const char* steps[] = {
    "FROM docker.io/library/buildpack-deps:jammy",
    "ENV DEBIAN_FRONTEND=noninteractive",
    "RUN apt-get -qq update && apt-get -qq install --yes less unzip",
    "COPY --chown=1000:1000 build_script_files/ /tmp/env/",
    "RUN mamba env update -p /srv/conda/envs/notebook -f /tmp/env/environment.yml",
    "COPY --chown=1000:1000 src/ ${REPO_DIR}/",
    "RUN pip install --no-cache-dir -r requirements.txt",
    "CMD [\"jupyter\", \"notebook\", \"--ip\", \"0.0.0.0\"]",
};

nlohmann::json progress(int part, int of) {
  auto bytes = [&](int64_t total) {
    return nlohmann::json{{"current", total * part / of}, {"total", total}};
  };
  return {{"progress",
           {{"3f2a91c0d7e4", bytes(layer_bytes)},
            {"9be01c55ab12", bytes(layer_bytes / 3)},
            {"c4d8e6f70a93", part == of ? nlohmann::json("Pushed") : bytes(layer_bytes / 9)}}}};
}

}  // namespace

std::vector<fake_step> fake_build_log(const build_request& request) {
  std::vector<fake_step> log;
  auto say = [&](milliseconds pause, phase what, const std::string& words,
                 nlohmann::json extra = nlohmann::json::object()) {
    log.push_back({pause, make_event(what, words, std::move(extra))});
  };
  say(long_pause, phase::fetching, "Picked Git content provider.");
  say(short_pause, phase::fetching, "Cloning into '/tmp/repo2docker'...");
  say(long_pause, phase::fetching, "HEAD is now at " + request.ref.substr(0, 7) + " Add notebooks");
  say(short_pause, phase::building, "Using PythonBuildPack builder");
  auto count = std::to_string(std::size(steps));
  for (size_t i = 0; i < std::size(steps); ++i) {
    say(i % 3 == 2 ? long_pause : short_pause, phase::building,
        "Step " + std::to_string(i + 1) + "/" + count + " : " + steps[i]);
    say(short_pause, phase::building, " ---> Running in " + request.ref.substr(0, 12));
    if (i == 4) say(short_pause, phase::unknown, "a line that repo2docker did not write as JSON");
    if (i == 6 && request.provider == "fake" && request.repo_url.ends_with("/fake/fail")) {
      log.push_back({long_pause, make_failure("The command '/bin/sh -c pip install --no-cache-dir "
                                              "-r requirements.txt' returned a non-zero code: 1",
                                              0)});
      return log;
    }
  }
  say(long_pause, phase::building, "Successfully tagged " + request.image_name);
  for (int i = 1; i <= pushes; ++i)
    say(long_pause, phase::pushing, "Pushing image", progress(i, pushes));
  say(short_pause, phase::pushing, "Successfully pushed " + request.image_name);
  say(short_pause, phase::built, "Built " + request.image_name);
  return log;
}

}  // namespace bindery
