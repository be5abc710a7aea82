# Warnings and sanitizers, applied through one interface target.
option(BINDERY_WERROR "Treat warnings as errors" ON)
set(BINDERY_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")

add_library(bindery_options INTERFACE)
target_compile_options(bindery_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow=local)
if(BINDERY_WERROR)
  target_compile_options(bindery_options INTERFACE -Werror)
endif()
if(BINDERY_SANITIZE)
  target_compile_options(bindery_options INTERFACE
    -fsanitize=${BINDERY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(bindery_options INTERFACE -fsanitize=${BINDERY_SANITIZE})
  # Lets a null reference in a library's header be told from ours: tests/sanitizers/undefined.supp.
  # Every other one still ends the test (halt_on_error).
  if(BINDERY_SANITIZE MATCHES "undefined")
    target_compile_options(bindery_options INTERFACE -fsanitize-recover=null)
  endif()
  # A sanitizer's own code hides from the optimizer what is initialized: GCC 12 then warns inside
  # <regex>. Every other build keeps the warning.
  target_compile_options(bindery_options INTERFACE -Wno-maybe-uninitialized)
endif()
target_include_directories(bindery_options INTERFACE "${PROJECT_SOURCE_DIR}")

# bindery_library(NAME links...): a static library of every source of its folder.
function(bindery_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "*.cpp" "*.hpp")
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC bindery_options ${ARGN})
endfunction()
