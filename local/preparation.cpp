#include "local/preparation.hpp"

#include <cstdlib>
#include <filesystem>
#include <unistd.h>
#include <utility>

#include "runtime/error.hpp"

namespace bindery {

namespace fs = std::filesystem;

std::string find_program(const std::string& name) {
  const char* given = std::getenv("PATH");
  auto path = std::string{given ? given : ""} + ":/usr/local/sbin:/usr/sbin:/sbin";
  for (size_t at = 0; at <= path.size();) {
    auto colon = std::min(path.find(':', at), path.size());
    auto candidate = path.substr(at, colon - at) + "/" + name;
    std::error_code failed;
    if (colon > at && fs::is_regular_file(candidate, failed) &&
        ::access(candidate.c_str(), X_OK) == 0)
      return candidate;
    at = colon + 1;
  }
  return {};
}

preparation::preparation(crew& parts, std::string recipes, std::string cache_folder,
                         std::function<void(const std::string&)> say)
    : parts_(parts),
      recipes_(std::move(recipes)),
      cache_folder_(std::move(cache_folder)),
      say_(std::move(say)) {}

step_options preparation::step_for(const std::string& what, const std::string& program,
                                   std::vector<std::string> arguments) const {
  step_options options;
  options.name = what;
  options.process.program = recipes_ + "/" + program;
  options.process.arguments = std::move(arguments);
  if (!cache_folder_.empty()) options.process.environment = {{"BINDERY_CACHE", cache_folder_}};
  options.say = say_;
  return options;
}

caf::expected<std::string> preparation::python_environment() {
  return parts_.run(step_for("prepare the Python environment", "setup/python-env",
                             {"stack", recipes_ + "/dependencies/requirements.txt"}));
}

caf::expected<std::string> preparation::node_packages() {
  return parts_.run(step_for("prepare the Node packages", "setup/node-env", {}));
}

caf::expected<std::string> preparation::base_image_name() {
  return parts_.run(step_for("find the base image", "base-image/build", {"--name-only"}));
}

caf::expected<std::string> preparation::base_image_archive() {
  return parts_.run(step_for("make the base image", "base-image/build", {}));
}

caf::error preparation::publish_sample(const std::string& target) {
  auto commit = parts_.run(step_for("publish the sample repository", "publish-repository",
                                    {recipes_ + "/sample-repository", target}));
  return commit ? caf::error{} : std::move(commit.error());
}

}  // namespace bindery
