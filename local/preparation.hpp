#pragma once

#include <functional>
#include <string>
#include <vector>

#include <caf/expected.hpp>

#include "local/crew.hpp"

namespace bindery {

/// A program's path, from PATH or a system folder that PATH may lack; "" where it is not there.
std::string find_program(const std::string& name);

/// Has what the parts need made by the recipes' own scripts, each of which makes a thing once and
/// from then on only says where it is. Errors: process_failed with the script's words, cancelled.
class preparation {
 public:
  preparation(crew& parts, std::string recipes, std::string cache_folder,
              std::function<void(const std::string&)> say);

  /// Folder of the virtual environment with JupyterHub, spawner, culler and repo2docker.
  caf::expected<std::string> python_environment();
  /// Folder with the proxy's `node_modules`.
  caf::expected<std::string> node_packages();
  /// Path that the base image's archive has or will have.
  caf::expected<std::string> base_image_name();
  /// Path of the base image's archive.
  caf::expected<std::string> base_image_archive();
  /// Publishes the sample as the bare repository `target`.
  caf::error publish_sample(const std::string& target);

  /// Where the scripts and configuration files are.
  const std::string& recipes() const { return recipes_; }
  /// A step that runs one of the recipes' programs.
  step_options step_for(const std::string& what, const std::string& program,
                        std::vector<std::string> arguments) const;

 private:
  crew& parts_;
  std::string recipes_;
  std::string cache_folder_;
  std::function<void(const std::string&)> say_;
};

}  // namespace bindery
