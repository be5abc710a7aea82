#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/compression.hpp"

namespace bindery {

/// A file of http/ui, part of the program.
struct embedded_file {
  std::string_view name;  ///< path below http/ui
  std::string_view bytes;
  std::string_view hash;  ///< changes with the bytes
  int64_t modified = 0;   ///< seconds since 1970
};

/// All of them, sorted by name.
const std::vector<embedded_file>& embedded_files();

/// Null where there is none.
const embedded_file* find_embedded_file(std::string_view name);

/// Its bytes, coded thoroughly once and kept. The plain ones where coding makes them no smaller;
/// `how` is then set to plain. `file` is one of `embedded_files`. Any thread.
std::string_view coded_bytes(const embedded_file& file, coding& how);

/// `Content-Type` by the name's ending.
std::string_view content_type_of(std::string_view name);

}  // namespace bindery
