#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/settings/field_visitor.hpp"
#include "runtime/settings/settings.hpp"

/// The parts of the table of settings: `declare` (settings.hpp) goes through them in order.
namespace bindery {

/// The upper bound of counts that have none by nature.
inline constexpr int64_t many = 1'000'000;
inline constexpr std::string_view push_secret_doc =
    "Name of the secret with the login for pushing; null: only images with credentials are pushed";

/// What builds images on this machine. `push_secret` has an older place among BinderHub's.
void declare_builds(field_visitor& v, build_settings& s, std::string& push_secret);
/// Upstream's builds in Kubernetes, read for their form: a mistake in them is told today.
void declare_kubernetes(field_visitor& v);
/// Where images are kept.
void declare_registries(field_visitor& v, settings& all);
/// Where repositories are.
void declare_providers(field_visitor& v, settings& all);

}  // namespace bindery
