#pragma once

#include <string>
#include <string_view>

#include <caf/expected.hpp>

namespace bindery {

/// An image as its registry knows it.
struct image_reference {
  /// Name without registry part.
  std::string name;
  /// Tag, or digest (`sha256:...`).
  std::string tag;
};

/// Takes an image name apart (contract, section 4): `[a-z0-9]{4,40}/[a-z0-9._-]{2,255}` is a name
/// without registry part; of any other name with a `/` the first element is the registry. Without a
/// tag it is `latest`. Errors: bad_request for what cannot be an image.
caf::expected<image_reference> parse_image_reference(std::string_view image);

}  // namespace bindery
