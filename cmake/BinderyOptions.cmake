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
endif()
target_include_directories(bindery_options INTERFACE "${PROJECT_SOURCE_DIR}")

# bindery_library(NAME links...): a static library of every source of its folder.
function(bindery_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "*.cpp" "*.hpp")
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC bindery_options ${ARGN})
endfunction()
