#pragma once

#include <string>

#include <caf/expected.hpp>

#include "runtime/net/http_message.hpp"
#include "runtime/registry/image_reference.hpp"

namespace bindery {

/// The service behind `ExternalRegistryHelper`: it makes repositories, and logins for pushing, at
/// registries that want both (binderhub-container-registry-helper).
struct registry_helper_address {
  std::string url;
  /// A secret: it appears in `Authorization` headers only.
  std::string token;
};

/// Whether there is a repository for the image: 200, or 404.
http_request helper_repository_request(const registry_helper_address& helper,
                                       const image_reference& image);
/// Makes that repository; one that exists is fine.
http_request helper_create_request(const registry_helper_address& helper,
                                   const image_reference& image);
/// Whether the image is there: 200, or 404.
http_request helper_image_request(const registry_helper_address& helper,
                                  const image_reference& image);
/// A login for pushing the image: JSON, or 404 where the registry needs none.
http_request helper_token_request(const registry_helper_address& helper,
                                  const image_reference& image);
/// Answered where the service runs.
http_request helper_check_request(const registry_helper_address& helper);

/// True for 2xx, false for 404. Errors: forbidden (401, 403), upstream_error with the service's
/// words.
caf::expected<bool> decode_helper_answer(const http_response& response);

/// JSON for repo2docker's `CONTAINER_ENGINE_REGISTRY_CREDENTIALS` (a secret), "" for 404. A login
/// that names no registry is for `registry`, the image's own: to repo2docker it would be one for
/// Docker Hub. Errors: those of `decode_helper_answer`, bad_answer.
caf::expected<std::string> decode_helper_token(const http_response& response,
                                               const std::string& registry);

}  // namespace bindery
