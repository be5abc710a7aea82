# Every library Bindery links, in one place. The Debian packages that bring them
# are listed in local/dependencies/build.apt; docs/dependencies.md says why each.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(CAF 0.17 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(CLI11 REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(brotli REQUIRED IMPORTED_TARGET libbrotlienc)
pkg_check_modules(libgit2 REQUIRED IMPORTED_TARGET libgit2)
pkg_check_modules(libpcre2 REQUIRED IMPORTED_TARGET libpcre2-8)
if(BINDERY_BUILD_TESTS OR NOT DEFINED BINDERY_BUILD_TESTS)
  find_package(Boost 1.74 REQUIRED COMPONENTS unit_test_framework)
endif()

# The distribution builds cpp-httplib with these definitions; they change the layout of its classes,
# so whoever includes its header must have them too (they come with the pkg-config target).
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
