#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/settings/settings.hpp"

namespace bindery {

/// What was read, and everything that is wrong or odd with it.
struct settings_report {
  settings values;
  /// Each names the path, what was expected and what was found. With any, `values` must not be
  /// used.
  std::vector<std::string> problems;
  std::vector<std::string> warnings;
};

/// A variable of the environment, or nothing.
using environment = std::function<std::optional<std::string>(const std::string& name)>;

/// This process's own environment.
environment process_environment();

/// Takes the variables that hold secrets of the settings out of this process's environment, once
/// they are read, so that no child inherits them. Before the first thread.
void forget_secret_variables();

/// Reads a settings file: YAML or JSON, sections and keys under BinderHub's own names (contract,
/// section 12). A file with the single top-level key `config` is a Helm values file. Secrets and a
/// few addresses may come from the environment, which wins. What neither names is as in `defaults`.
settings_report load_settings(const std::string& path, const environment& env,
                              const settings& defaults = {});

/// The same for a text; `name` stands for the file in messages. An empty text is all defaults.
settings_report parse_settings(const std::string& text, const std::string& name,
                               const environment& env, const settings& defaults = {});

/// Adds to `report` what a serving node cannot do without: hub_url, hub_api_token.
void require_serving(settings_report& report);

}  // namespace bindery
