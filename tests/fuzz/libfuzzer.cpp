// The program `fuzz`: `fuzz --target=<name>` and libFuzzer's own arguments.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string_view>

#include "target.hpp"

namespace {

bindery::fuzz::target chosen;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  constexpr std::string_view option = "--target=";  // libFuzzer leaves what begins so to us
  std::string_view name;
  for (int i = 1; i < *count; ++i) {
    std::string_view argument = (*arguments)[i];
    if (argument == "--list") {
      for (const auto& [each, run] : bindery::fuzz::targets()) std::puts(each.c_str());
      std::exit(0);
    }
    if (argument.starts_with(option)) name = argument.substr(option.size());
  }
  auto found = bindery::fuzz::targets().find(std::string{name});
  if (found == bindery::fuzz::targets().end()) {
    std::fputs("usage: fuzz --list | fuzz --target=NAME [libFuzzer's arguments]\n", stderr);
    std::exit(2);
  }
  chosen = found->second;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  chosen({reinterpret_cast<const char*>(data), size});
  return 0;
}
