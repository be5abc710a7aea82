#include "http/assets.hpp"

#include "http/conditional.hpp"
#include "http/route.hpp"
#include "http/target.hpp"

/// Files that are part of the program: static ones, badges, icons.
namespace bindery {

namespace {

/// Files whose names change with their bytes.
constexpr std::string_view named_by_bytes = "static/app/";

/// The embedded file for a path below `base_url`, or null. Names are compared as they are, so an
/// escaped or dotted path finds nothing.
const embedded_file* file_for(std::string_view path) {
  path.remove_prefix(1);
  if (path == "assets/images/badge.svg") path = "badge.svg";
  if (path.rfind("static/", 0) == 0) return find_embedded_file(path);
  if (path.find('/') != std::string_view::npos) return nullptr;
  return find_embedded_file("root/" + std::string{path});
}

}  // namespace

bool serve_asset(route_call& call) {
  const auto* file = file_for(call.path);
  if (file == nullptr) return false;
  auto type = content_type_of(file->name);
  auto how = call.accepted;
  auto bytes = coded_bytes(*file, how);
  call.may_compress = false;  // it is as small as it gets
  auto tag = "\"" + std::string{file->hash};
  if (how != coding::plain) tag.append("-").append(to_string(how));
  tag += '"';
  // Another release's node may be asked for this one's file while nodes are replaced: only what the
  // page meant may be kept for long.
  bool as_meant =
      file->name.starts_with(named_by_bytes) || query_value(call.query, "v") == file->hash;
  call.set("ETag", tag);
  call.set("Last-Modified", http_date(file->modified));
  call.set("Cache-Control",
           as_meant ? "public, max-age=31536000, immutable" : "public, max-age=300");
  if (is_compressible(type)) call.response.headers.emplace("Vary", "Accept-Encoding");
  if (is_current(
          {call.all_values("If-None-Match"), call.request.get_header_value("If-Modified-Since")},
          tag, file->modified)) {
    call.response.status = 304;
    return true;
  }
  if (how != coding::plain) call.set("Content-Encoding", std::string{to_string(how)});
  call.response.set_content(bytes.data(), bytes.size(), std::string{type});
  return true;
}

}  // namespace bindery
