#include "http/assets.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

namespace bindery {

const embedded_file* find_embedded_file(std::string_view name) {
  const auto& files = embedded_files();
  auto found = std::find_if(files.begin(), files.end(),
                            [&](const embedded_file& file) { return file.name == name; });
  return found == files.end() ? nullptr : &*found;
}

std::string_view coded_bytes(const embedded_file& file, coding& how) {
  struct kept {
    std::once_flag once;
    std::string bytes;
  };
  static std::vector<std::array<kept, 2>> all(embedded_files().size());
  if (how == coding::plain || !is_compressible(content_type_of(file.name))) {
    how = coding::plain;
    return file.bytes;
  }
  auto index = static_cast<size_t>(&file - embedded_files().data());
  auto& one = all[index][how == coding::gzip ? 0 : 1];
  std::call_once(one.once, [&] { one.bytes = compressed(how, file.bytes, true); });
  if (!one.bytes.empty() && one.bytes.size() < file.bytes.size()) return one.bytes;
  how = coding::plain;
  return file.bytes;
}

std::string_view content_type_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 21> types = {{
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".html", "text/html; charset=utf-8"},
      {".htm", "text/html; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".json", "application/json; charset=utf-8"},
      {".map", "application/json; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
      {".txt", "text/plain; charset=utf-8"},
      {".md", "text/markdown; charset=utf-8"},
      {".xml", "application/xml; charset=utf-8"},
      {".jpg", "image/jpeg"},
      {".jpeg", "image/jpeg"},
      {".gif", "image/gif"},
      {".webp", "image/webp"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".pdf", "application/pdf"},
  }};
  for (const auto& [ending, type] : types)
    if (name.size() >= ending.size() && name.substr(name.size() - ending.size()) == ending)
      return type;
  return "application/octet-stream";
}

}  // namespace bindery
