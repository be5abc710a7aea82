#pragma once

#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "runtime/engine/address.hpp"
#include "runtime/net/http_message.hpp"

namespace bindery {

/// Requests of the Docker Engine API (its reference, v1.41), which Podman speaks too.
http_request engine_version_request(const engine_address& engine);
http_request engine_image_request(const engine_address& engine, std::string_view image);

/// The engine's version, such as `20.10.24`. Errors: upstream_error, bad_answer.
caf::expected<std::string> decode_engine_version(const http_response& response);

/// Whether the image is there. Errors: upstream_error with the engine's words.
caf::expected<bool> decode_engine_image(const http_response& response);

}  // namespace bindery
