#include "runtime/registry/image_reference.hpp"

#include <algorithm>

#include "runtime/error.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

bool lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool every(std::string_view text, size_t least, size_t most, bool (*fits)(char)) {
  return text.size() >= least && text.size() <= most && std::all_of(text.begin(), text.end(), fits);
}

bool name_char(char c) {
  return lower_or_digit(c) || c == '.' || c == '_' || c == '-';
}

/// `[a-z0-9]{4,40}/[a-z0-9._-]{2,255}`
bool has_no_registry(std::string_view name) {
  auto slash = name.find('/');
  return every(name.substr(0, slash), 4, 40, lower_or_digit) &&
         every(name.substr(slash + 1), 2, 255, name_char);
}

bool is_name(std::string_view name) {
  return !name.empty() && name.front() != '/' && name.back() != '/' &&
         name.find("//") == std::string_view::npos && name.find("..") == std::string_view::npos &&
         std::all_of(name.begin(), name.end(), [](char c) { return name_char(c) || c == '/'; });
}

bool is_tag(std::string_view tag) {
  return !tag.empty() && tag.size() <= 256 && std::all_of(tag.begin(), tag.end(), [](char c) {
    return name_char(c) || (c >= 'A' && c <= 'Z') || c == ':';
  });
}

}  // namespace

caf::expected<image_reference> parse_image_reference(std::string_view image) {
  auto name = image;
  std::string_view tag = "latest";
  if (auto at = image.find('@'); at != std::string_view::npos) {
    name = image.substr(0, at);
    tag = image.substr(at + 1);
  } else if (auto colon = image.rfind(':');
             colon != std::string_view::npos && image.find('/', colon) == std::string_view::npos) {
    name = image.substr(0, colon);
    tag = image.substr(colon + 1);
  }
  if (auto slash = name.find('/'); slash != std::string_view::npos && !has_no_registry(name))
    name.remove_prefix(slash + 1);
  if (!is_name(name) || !is_tag(tag))
    return make_error(errc::bad_request, "This is no image name: " + shown_url(image));
  return image_reference{std::string{name}, std::string{tag}};
}

}  // namespace bindery
