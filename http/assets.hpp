#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bindery {

/// A file of http/ui, part of the program.
struct embedded_file {
  std::string_view name;  ///< path below http/ui
  std::string_view bytes;
  std::string_view hash;  ///< changes with the bytes
};

/// All of them, sorted by name.
const std::vector<embedded_file>& embedded_files();

/// Null where there is none.
const embedded_file* find_embedded_file(std::string_view name);

/// `Content-Type` by the name's ending.
std::string_view content_type_of(std::string_view name);

/// A page of http/ui/pages with every `{{word}}` replaced by its value, escaped for HTML.
std::string render_page(std::string_view name,
                        const std::vector<std::pair<std::string_view, std::string>>& values);

}  // namespace bindery
