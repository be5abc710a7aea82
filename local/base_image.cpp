#include "local/base_image.hpp"

#include <utility>

#include "local/images.hpp"
#include "runtime/error.hpp"

namespace bindery {

base_image_loader::base_image_loader(crew& parts, preparation& prepare, chosen_engine engine,
                                     std::function<void(const std::string&)> say)
    : parts_(parts), prepare_(prepare), engine_(std::move(engine)), say_(std::move(say)) {}

caf::error base_image_loader::load(const std::string& registry_url, const std::string& repository) {
  auto name = prepare_.base_image_name();
  if (!name) return std::move(name.error());
  auto hash = archive_hash(*name);
  auto there = base_image_hash(parts_, engine_.address);
  if (!there) return std::move(there.error());
  if (*there == hash &&
      (registry_url.empty() || registry_has(parts_, registry_url, std::string{base_image}, hash)))
    return {};
  auto why = bring(hash, registry_url.empty() ? "" : repository);
  if (!why || there->empty() || code_of(why) == errc::cancelled) return why;
  say_("Keeping the older base image: " + describe(why));
  return {};
}

caf::error base_image_loader::bring(const std::string& hash, const std::string& repository) {
  auto archive = prepare_.base_image_archive();
  if (!archive) return std::move(archive.error());
  auto python = prepare_.python_environment();
  if (!python) return std::move(python.error());
  say_("Loading the base image into the container engine (once)");
  auto load = prepare_.step_for("load the base image", "base-image/load", {*archive, hash});
  auto& process = load.process;
  if (!repository.empty()) process.arguments.push_back(repository);
  process.arguments.insert(process.arguments.begin(), process.program);
  process.program = *python + "/bin/python";
  process.environment.emplace_back("DOCKER_HOST", engine_.docker_host);
  auto loaded = parts_.run(std::move(load));
  return loaded ? caf::error{} : std::move(loaded.error());
}

}  // namespace bindery
