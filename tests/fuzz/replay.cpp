// The program `fuzz_replay`: runs every kept input, `fuzz_replay <corpus folder>`.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "target.hpp"

namespace {

std::string read(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: fuzz_replay CORPUS\n", stderr);
    return 2;
  }
  std::filesystem::path corpus = arguments[1];
  int status = 0;
  for (const auto& [name, run] : bindery::fuzz::targets()) {
    size_t inputs = 0;
    if (std::filesystem::is_directory(corpus / name))
      for (const auto& file : std::filesystem::directory_iterator{corpus / name}) {
        // Told first: an input that ends the process is the last one named.
        std::printf("%s\n", file.path().c_str());
        std::fflush(stdout);
        run(read(file.path()));
        ++inputs;
      }
    if (inputs == 0) {
      std::fprintf(stderr, "there are no inputs in %s\n", (corpus / name).c_str());
      status = 1;
    }
  }
  for (const auto& folder : std::filesystem::directory_iterator{corpus})
    if (!bindery::fuzz::targets().contains(folder.path().filename())) {
      std::fprintf(stderr, "there is no target for %s\n", folder.path().c_str());
      status = 1;
    }
  return status;
}
