# Writes what is served of some folders as one C++ source:
#   cmake "-DFOLDERS=<folder>|<folder>" -DOUTPUT=... -P EmbedAssets.cmake
# Each file below a folder's pages/, root/, static/ and strings/ becomes an `embedded_file` (see
# http/assets.hpp) with its path below that folder, a hash of its bytes and its date
# (SOURCE_DATE_EPOCH where that is set), so that the program needs no files beside it.
string(REPLACE "|" ";" FOLDERS "${FOLDERS}")
set(names "")
foreach(folder IN LISTS FOLDERS)
  file(GLOB_RECURSE found RELATIVE "${folder}"
    "${folder}/pages/*" "${folder}/root/*" "${folder}/static/*" "${folder}/strings/*")
  foreach(name IN LISTS found)
    set("folder_of_${name}" "${folder}")
  endforeach()
  list(APPEND names ${found})
endforeach()
list(SORT names)
set(arrays "")
set(rows "")
set(number 0)
foreach(name IN LISTS names)
  set(FOLDER "${folder_of_${name}}")
  file(READ "${FOLDER}/${name}" bytes HEX)
  file(SHA256 "${FOLDER}/${name}" hash)
  string(SUBSTRING "${hash}" 0 16 hash)
  file(TIMESTAMP "${FOLDER}/${name}" modified "%s" UTC)
  if(DEFINED ENV{SOURCE_DATE_EPOCH})
    set(modified "$ENV{SOURCE_DATE_EPOCH}")
  endif()
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "constexpr unsigned char file_${number}[] = {${bytes}};\n")
  string(APPEND rows "    {\"${name}\", text(file_${number}, sizeof file_${number}), \"${hash}\", ${modified}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT [[
// Made by cmake/EmbedAssets.cmake.
#include "http/assets.hpp"

namespace bindery {

namespace {

@arrays@
std::string_view text(const unsigned char* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

const std::vector<embedded_file>& embedded_files() {
  static const std::vector<embedded_file> files = {
@rows@  };
  return files;
}

}  // namespace bindery
]] @ONLY)
