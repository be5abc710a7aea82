#include "local/base_image.hpp"

#include <utility>

#include "local/images.hpp"
#include "runtime/error.hpp"

namespace bindery {

base_image_loader::base_image_loader(crew& parts, preparation& prepare, chosen_engine engine,
                                     std::function<void(const std::string&)> say)
    : parts_(parts), prepare_(prepare), engine_(std::move(engine)), say_(std::move(say)) {}

caf::error base_image_loader::load() {
  auto name = prepare_.base_image_name();
  if (!name) return std::move(name.error());
  hash_ = archive_hash(*name);
  auto there = base_image_hash(parts_, engine_.address);
  if (!there) return std::move(there.error());
  if (*there == hash_) return {};
  auto archive = prepare_.base_image_archive();
  auto why = archive ? import(*archive) : std::move(archive.error());
  bool older_will_do = !there->empty() && code_of(why) != errc::cancelled;
  if (why && older_will_do) say_("Keeping the older base image: " + describe(why));
  return older_will_do ? caf::error{} : why;
}

caf::error base_image_loader::import(const std::string& archive) {
  say_("Loading the base image into the container engine (once)");
  auto step = engine_step("load the base image", "import", {archive, hash_});
  if (!step) return std::move(step.error());
  auto loaded = parts_.run(std::move(*step));
  return loaded ? caf::error{} : std::move(loaded.error());
}

void base_image_loader::push(const std::string& url, const std::string& prefix) {
  if (registry_has(parts_, url, std::string{base_image}, hash_)) return;
  auto step = engine_step("copy the base image to the registry", "push", {prefix + "base", hash_});
  if (!step) return;
  step->say = nullptr;
  parts_.run_beside(std::move(*step), [say = say_](const caf::error& why) { say(describe(why)); });
}

caf::expected<step_options> base_image_loader::engine_step(const std::string& what,
                                                           const std::string& program,
                                                           std::vector<std::string> arguments) {
  auto python = prepare_.python_environment();
  if (!python) return std::move(python.error());
  auto step = prepare_.step_for(what, "base-image/" + program, std::move(arguments));
  auto& process = step.process;
  process.arguments.insert(process.arguments.begin(), process.program);
  process.program = *python + "/bin/python";
  process.environment.emplace_back("DOCKER_HOST", engine_.docker_host);
  return step;
}

}  // namespace bindery
