#pragma once

#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "local/crew.hpp"
#include "runtime/engine/address.hpp"

namespace bindery {

/// Name of the base image in every container engine.
inline constexpr std::string_view base_image = "bindery/base";
/// Label on the base image: the hash of what it was made from.
inline constexpr std::string_view base_label = "io.bindery.base";
/// Label on every container of a stack: the stack's id.
inline constexpr std::string_view stack_label = "io.bindery.state";

/// The engine's version, asked once. Errors: unreachable, timeout, upstream_error, bad_answer.
caf::expected<std::string> engine_version(crew& parts, const engine_address& engine);

/// What image `bindery/base` in this engine was made from: a hash, "?" where it does not say, ""
/// where there is none. Errors: unreachable, timeout, upstream_error.
caf::expected<std::string> base_image_hash(crew& parts, const engine_address& engine);

/// The hash in an archive's name, `…/base-image-<hash>.tar.gz`; "" where there is none.
std::string archive_hash(std::string_view path);

/// Whether the registry at `url` (no TLS check of ours, no credentials) has this image.
bool registry_has(crew& parts, const std::string& url, const std::string& name,
                  const std::string& tag);

/// Removes every container of the stack, running or not. Errors: unreachable, timeout,
/// upstream_error.
caf::error remove_containers(crew& parts, const engine_address& engine, const std::string& stack);

}  // namespace bindery
