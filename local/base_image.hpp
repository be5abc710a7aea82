#pragma once

#include <functional>
#include <string>

#include "local/engines.hpp"
#include "local/preparation.hpp"

namespace bindery {

/// Brings the base image from its archive, which is made where it is missing, to where images are
/// built.
class base_image_loader {
 public:
  base_image_loader(crew& parts, preparation& prepare, chosen_engine engine,
                    std::function<void(const std::string&)> say);

  /// Has the engine hold the image of today's recipe, and the registry at `registry_url` ("" for
  /// none) under `repository` too, so that an image built on it pushes its own layers only. An
  /// older image is kept where no new one can be made. Errors: the engine's, or process_failed
  /// where the engine has none at all; cancelled.
  caf::error load(const std::string& registry_url, const std::string& repository);

 private:
  caf::error bring(const std::string& hash, const std::string& repository);

  crew& parts_;
  preparation& prepare_;
  chosen_engine engine_;
  std::function<void(const std::string&)> say_;
};

}  // namespace bindery
