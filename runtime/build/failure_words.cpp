#include "runtime/build/failure_words.hpp"

#include <charconv>

#include "runtime/build/trace.hpp"

namespace bindery {

namespace {

/// The number that follows `words` in `text`.
std::optional<int> number_after(const std::string& text, std::string_view words) {
  auto at = text.rfind(words);
  if (at == std::string::npos) return {};
  int number = 0;
  const char* begin = text.data() + at + words.size();
  auto [end, why] = std::from_chars(begin, text.data() + text.size(), number);
  return why == std::errc{} && end != begin ? std::optional{number} : std::nullopt;
}

}  // namespace

std::string engine_words(const std::string& cause) {
  // Docker's client: `Error during build: 400 Client Error for <url>: Bad Request ("<words>")`.
  auto open = cause.find("(\"");
  auto close = cause.rfind("\")");
  if (cause.starts_with("Error during build:") && open != std::string::npos &&
      close != std::string::npos && close > open + 2)
    return cause.substr(open + 2, close - open - 2);
  for (std::string_view prefix : {"Error during build: ", "ERROR: failed to solve: ",
                                  "failed to solve: ", "ERROR: ", "Error: "})
    if (cause.starts_with(prefix)) return cause.substr(prefix.size());
  return cause;
}

std::string base_image_of(const std::string& instruction, const std::string& cause) {
  if (exit_status_in(cause) || cause.empty()) return {};
  // BuildKit resolves every image before the first step.
  for (std::string_view words :
       {"failed to resolve source metadata for ", "pull access denied for "})
    if (auto at = cause.find(words); at != std::string::npos) {
      auto image = cause.substr(at + words.size());
      return image.substr(0, image.find_first_of(", \n"));
    }
  if (!instruction.starts_with("FROM ")) return {};
  auto image = instruction.substr(5);
  if (image.starts_with("--platform="))
    image = image.substr(std::min(image.find(' ') + 1, image.size()));
  while (!image.empty() && image.back() == ':') image.pop_back();
  return image.substr(0, image.find(' '));
}

std::optional<int> exit_status_in(const std::string& cause) {
  for (std::string_view words :
       {"returned a non-zero code: ", "did not complete successfully: exit code: ",
        "]: exit code: ", "while running runtime: exit status "})
    if (auto number = number_after(cause, words)) return number;
  return {};
}

bool is_builders_own(const std::string& line, const std::string& cause) {
  for (std::string_view prefix :
       {"Removing intermediate container", " ---> ", "--->", "Step ", "STEP ", "[Warning]"})
    if (line.starts_with(prefix)) return true;
  return cause.starts_with(line.substr(0, 100)) || exit_status_in(line).has_value();
}

std::string registry_of(const std::string& image_name) {
  auto slash = image_name.find('/');
  auto host = image_name.substr(0, slash);
  bool names_a_host = slash != std::string::npos &&
                      (host.find_first_of(".:") != std::string::npos || host == "localhost");
  return names_a_host ? host : "docker.io";
}

}  // namespace bindery
