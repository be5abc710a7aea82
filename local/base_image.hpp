#pragma once

#include <functional>
#include <string>
#include <vector>

#include "local/engines.hpp"
#include "local/preparation.hpp"

namespace bindery {

/// Brings the base image from its archive, which is made where it is missing, to where images are
/// built.
class base_image_loader {
 public:
  base_image_loader(crew& parts, preparation& prepare, chosen_engine engine,
                    std::function<void(const std::string&)> say);

  /// Has the engine hold the image of today's recipe. An older one is kept where no new one can be
  /// made. Errors: the engine's, or process_failed where the engine has none at all; cancelled.
  caf::error load();
  /// Copies the image to the registry at `url` as `<prefix>base`, in the background: without it,
  /// only the first push of an image takes longer. After `load`.
  void push(const std::string& url, const std::string& prefix);

 private:
  caf::error import(const std::string& archive);
  /// A program of `base-image`, in the Python environment and for the engine.
  caf::expected<step_options> engine_step(const std::string& what, const std::string& program,
                                          std::vector<std::string> arguments);

  crew& parts_;
  preparation& prepare_;
  chosen_engine engine_;
  std::function<void(const std::string&)> say_;
  std::string hash_;  ///< of the recipe
};

}  // namespace bindery
