#include "cli/folders.hpp"

#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace bindery {

namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

fs::path home() {
  auto named = variable("HOME");
  return named.empty() ? fs::path{"/root"} : fs::path{named};
}

/// Made absolute without asking whether it exists.
std::string made_absolute(const fs::path& path) {
  std::error_code ignored;
  return fs::absolute(path, ignored).lexically_normal().string();
}

}  // namespace

std::string state_folder(const std::string& wanted) {
  if (!wanted.empty()) return made_absolute(wanted);
  if (::geteuid() == 0) return "/var/lib/bindery";
  auto base = variable("XDG_STATE_HOME");
  return made_absolute((base.empty() ? home() / ".local/state" : fs::path{base}) / "bindery");
}

std::string cache_folder() {
  auto named = variable("BINDERY_CACHE");
  return made_absolute(named.empty() ? home() / ".cache/bindery" : fs::path{named});
}

std::string recipes_folder() {
  std::error_code failed;
  auto program = fs::read_symlink("/proc/self/exe", failed);
  auto installed = program.parent_path().parent_path() / "share/bindery/local";
  if (!failed && fs::is_directory(installed, failed)) return installed.string();
  return std::string{BINDERY_CHECKOUT} + "/local";
}

}  // namespace bindery
