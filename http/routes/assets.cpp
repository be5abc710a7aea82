#include "http/assets.hpp"

#include "http/route.hpp"

/// Files: static ones, badges, icons.
namespace bindery {

namespace {

/// The embedded file for a path below `base_url`, or null. Names are compared as they are, so an
/// escaped or dotted path finds nothing.
const embedded_file* file_for(std::string_view path) {
  path.remove_prefix(1);
  if (path == "assets/images/badge.svg") path = "badge.svg";
  if (path.rfind("static/", 0) == 0) return find_embedded_file(path);
  if (path.find('/') != std::string_view::npos) return nullptr;
  return find_embedded_file("root/" + std::string{path});
}

bool knows_already(const httplib::Request& request, const std::string& tag) {
  auto known = request.get_header_value("If-None-Match");
  return known == "*" || known.find(tag) != std::string::npos;
}

}  // namespace

bool serve_asset(route_call& call) {
  const auto* file = file_for(call.path);
  if (file == nullptr) return false;
  auto tag = "\"" + std::string{file->hash} + "\"";
  call.response.set_header("ETag", tag);
  call.response.set_header("Cache-Control", "public, max-age=300");
  if (knows_already(call.request, tag)) {
    call.response.status = 304;
    return true;
  }
  call.response.set_content(file->bytes.data(), file->bytes.size(),
                            std::string{content_type_of(file->name)});
  return true;
}

}  // namespace bindery
