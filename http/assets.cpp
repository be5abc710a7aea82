#include "http/assets.hpp"

#include <algorithm>
#include <array>

#include "http/target.hpp"

namespace bindery {

const embedded_file* find_embedded_file(std::string_view name) {
  const auto& files = embedded_files();
  auto found = std::find_if(files.begin(), files.end(),
                            [&](const embedded_file& file) { return file.name == name; });
  return found == files.end() ? nullptr : &*found;
}

std::string_view content_type_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> types = {{
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".html", "text/html; charset=utf-8"},
  }};
  for (const auto& [ending, type] : types)
    if (name.size() >= ending.size() && name.substr(name.size() - ending.size()) == ending)
      return type;
  return "application/octet-stream";
}

std::string render_page(std::string_view name,
                        const std::vector<std::pair<std::string_view, std::string>>& values) {
  const auto* file = find_embedded_file("pages/" + std::string{name});
  std::string page;
  auto rest = file == nullptr ? std::string_view{} : file->bytes;
  while (!rest.empty()) {
    auto open = std::min(rest.find("{{"), rest.size());
    page += rest.substr(0, open);
    rest.remove_prefix(open);
    auto close = rest.find("}}");
    if (close == std::string_view::npos) break;
    auto word = rest.substr(2, close - 2);
    for (const auto& [key, value] : values)
      if (key == word) page += html_escaped(value);
    rest.remove_prefix(close + 2);
  }
  return page += rest;
}

}  // namespace bindery
